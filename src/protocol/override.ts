/** Changes of a message by paths, such as `data.data.sub_code`: everything else stays as it was. */
import { UsageError } from '../errors.ts';
import { MAX_JSON_DEPTH } from '../json.ts';
import { plainText } from '../plain-text.ts';

/**
 * A copy with other values at some paths. A path has names and, in arrays, numbers, with dots between; what it leads through is
 * made when it is not there. Throws a `UsageError` (`invalid_override`) for a path that leads through what has no fields.
 */
export function withOverrides(message: unknown, overrides: Readonly<Record<string, unknown>>): unknown {
  let changed = message;
  for (const [path, value] of Object.entries(overrides)) {
    const steps = path.split('.');
    if (steps.length > MAX_JSON_DEPTH || steps.includes('')) {
      throw new UsageError('invalid_override', `"${plainText(path, 100)}" is no path of a field.`, {
        hint: 'Write names with dots between, such as data.data.sub_code.',
      });
    }
    changed = replaced(changed, steps, value, path);
  }
  return changed;
}

function replaced(node: unknown, [step, ...rest]: readonly string[], value: unknown, path: string): unknown {
  if (step === undefined) return value;
  if (Array.isArray(node)) {
    const index = Number(step);
    if (!/^\d+$/.test(step) || index > node.length) throw noField(step, path, `an array of ${node.length}`);
    const copy = [...node];
    copy[index] = replaced(node[index], rest, value, path);
    return copy;
  }
  if (node !== undefined && node !== null && typeof node !== 'object')
    throw noField(step, path, `a ${typeof node}`);
  // A computed name makes a field of its own also of `__proto__`.
  const fields = (node ?? {}) as Readonly<Record<string, unknown>>;
  const own = Object.hasOwn(fields, step) ? fields[step] : undefined;
  return { ...fields, [step]: replaced(own, rest, value, path) };
}

function noField(step: string, path: string, what: string): UsageError {
  return new UsageError(
    'invalid_override',
    `"${plainText(path, 100)}" asks for "${plainText(step, 50)}" of what is ${what}.`,
    { hint: 'Look at the message first, and write the path of one of its fields.' },
  );
}
