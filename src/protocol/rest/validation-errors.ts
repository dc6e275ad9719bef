/**
 * Validation errors as Django REST framework writes them, which Recall's API is built with: field by field, nested as the
 * document is, lists by index. The wording is the framework's for the usual mistakes.
 */
import type { z } from 'zod';

export type ValidationErrors = { [field: string]: unknown };

interface Node {
  messages: string[];
  readonly children: Map<string | number, Node>;
}

/** The 400 body of what zod found in `value`. */
export function validationErrors(error: z.ZodError, value: unknown): ValidationErrors {
  const root: Node = { messages: [], children: new Map() };
  for (const issue of error.issues) {
    let node = root;
    for (const key of issue.path) {
      const name = typeof key === 'symbol' ? String(key) : key;
      let child = node.children.get(name);
      if (child === undefined) {
        child = { messages: [], children: new Map() };
        node.children.set(name, child);
      }
      node = child;
    }
    node.messages.push(messageOf(issue, valueAt(value, issue.path)));
  }
  if (root.children.size === 0) return { non_field_errors: root.messages };
  const body = render(root, value) as ValidationErrors;
  return root.messages.length === 0 ? body : { non_field_errors: root.messages, ...body };
}

function render(node: Node, value: unknown): unknown {
  if (node.children.size === 0) return node.messages;
  const keys = [...node.children.keys()];
  if (Array.isArray(value) && keys.every((key) => typeof key === 'number')) {
    const last = Math.max(...(keys as number[]));
    // A list of objects answers with a list, the good ones empty; a list of values names the indexes of the bad ones.
    if (keys.some((key) => typeof value[key as number] === 'object')) {
      return Array.from({ length: last + 1 }, (_, index) => {
        const child = node.children.get(index);
        return child === undefined ? {} : render(child, value[index]);
      });
    }
  }
  return Object.fromEntries(
    [...node.children].map(([key, child]) => [String(key), render(child, valueAt(value, [key]))]),
  );
}

function messageOf(issue: z.core.$ZodIssue, value: unknown): string {
  if (value === undefined && issue.code === 'invalid_type') return 'This field is required.';
  if (value === null && (issue.code === 'invalid_type' || issue.code === 'invalid_value'))
    return 'This field may not be null.';
  switch (issue.code) {
    case 'invalid_type':
      return wrongType(issue.expected, value);
    case 'invalid_value':
    case 'invalid_union':
      return value === undefined ? 'This field is required.' : `"${shown(value)}" is not a valid choice.`;
    case 'too_big':
      return issue.origin === 'string'
        ? `Ensure this field has no more than ${issue.maximum} characters.`
        : `Ensure this value is less than or equal to ${issue.maximum}.`;
    case 'too_small':
      if (issue.origin === 'string') return 'This field may not be blank.';
      return issue.origin === 'array'
        ? 'This list may not be empty.'
        : `Ensure this value is greater than or equal to ${issue.minimum}.`;
    default:
      return issue.message;
  }
}

function wrongType(expected: string, value: unknown): string {
  switch (expected) {
    case 'string':
      return 'Not a valid string.';
    case 'boolean':
      return 'Must be a valid boolean.';
    case 'int':
      return 'A valid integer is required.';
    case 'number':
      return 'A valid number is required.';
    case 'array':
      return `Expected a list of items but got type "${pythonType(value)}".`;
    case 'record':
      return `Expected a dictionary of items but got type "${pythonType(value)}".`;
    default:
      return `Invalid data. Expected a dictionary, but got ${pythonType(value)}.`;
  }
}

/** The framework is written in Python, and names types so. */
function pythonType(value: unknown): string {
  if (value === null) return 'NoneType';
  if (Array.isArray(value)) return 'list';
  switch (typeof value) {
    case 'string':
      return 'str';
    case 'boolean':
      return 'bool';
    case 'number':
      return Number.isInteger(value) ? 'int' : 'float';
    default:
      return 'dict';
  }
}

function shown(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (node, key) =>
      typeof node === 'object' && node !== null && Object.hasOwn(node, key)
        ? (node as Record<PropertyKey, unknown>)[key]
        : undefined,
    value,
  );
}
