/**
 * What is wrong with the shape of a scenario, in the words of scenarios: which field, what stands there, what may. The schema
 * library knows only types.
 */
import type { z } from 'zod';
import type { Problem, SourceLocation } from '../errors.ts';

type Path = readonly (string | number)[];
type Locate = (path: Path) => SourceLocation;

/** All problems of a value that did not pass the schema, and the participants that the timeline names and nobody declares. */
export function shapeProblems(
  issues: readonly z.core.$ZodIssue[],
  value: unknown,
  locate: Locate,
): Problem[] {
  return [
    ...issues.map((issue) => shapeProblem(issue, value, locate)),
    ...unknownParticipants(value, locate),
  ];
}

function shapeProblem(issue: z.core.$ZodIssue, value: unknown, locate: Locate): Problem {
  const path = issue.path as (string | number)[];
  if (issue.code === 'unrecognized_keys') {
    const [key = ''] = issue.keys;
    return {
      code: 'unknown_field',
      message: `${issue.keys.map((each) => `"${each}"`).join(', ')} is not a field here.`,
      hint: 'Check its spelling, or leave it out.',
      location: locate([...path, key]),
    };
  }
  const found = path.reduce<unknown>(
    (node, key) => (node as Record<string | number, unknown> | undefined | null)?.[key],
    value,
  );
  if (issue.code === 'invalid_union' && path.at(-1) === 'action') {
    return {
      code: 'unknown_action',
      message: found === undefined ? 'The action is missing.' : `${show(found)} is not an action.`,
      hint: 'Use join, leave, unmute, mute, speak, chat_message, webcam_on, webcam_off, screenshare_on, screenshare_off or update.',
      location: locate(path),
    };
  }
  const what = inWords(issue);
  const missing = found === undefined || (found === null && path.length === 0);
  return {
    code: 'invalid_field',
    message: missing
      ? `${formatPath(path) || 'The document'} is missing or empty: ${what}.`
      : `${show(found)}: ${what}.`,
    location: locate(path),
  };
}

const TYPES: Readonly<Record<string, string>> = {
  number: 'a number',
  int: 'a whole number',
  string: 'text',
  boolean: 'true or false',
  array: 'a list',
  object: 'fields with values',
  record: 'fields with values',
};

/** What is expected in a place, as it follows "12: ". */
function inWords(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'custom':
      // Those of the API are sentences.
      return issue.message.replace(/\.$/, '');
    case 'invalid_type':
      return `${TYPES[issue.expected] ?? issue.expected} is expected`;
    case 'invalid_value':
      return `${issue.values.map((value) => JSON.stringify(value)).join(' or ')} is expected`;
    case 'too_small':
      if (issue.origin === 'array') return `at least ${issue.minimum} ${entries(issue.minimum)} needed`;
      return issue.origin === 'string' ? 'it must not be empty' : `it must be at least ${issue.minimum}`;
    case 'too_big':
      if (issue.origin === 'array') return `at most ${issue.maximum} ${entries(issue.maximum)} possible`;
      return `it must be at most ${issue.maximum}`;
    case 'invalid_union':
      // Our own message where the schema has one; the library's begin with a capital.
      return /^[a-z]/.test(issue.message) ? issue.message : 'nothing of this kind is possible here';
    default:
      return 'this is not possible here';
  }
}

function entries(count: number | bigint): string {
  return Number(count) === 1 ? 'entry is' : 'entries are';
}

/** The compiler tells of these, too; but it does not come to that while the shape is wrong. */
function unknownParticipants(value: unknown, locate: Locate): Problem[] {
  const { participants, timeline } = (value ?? {}) as { participants?: unknown; timeline?: unknown };
  if (!Array.isArray(participants) || !Array.isArray(timeline)) return [];
  const ids = new Set<unknown>(participants.map((each) => (each as { id?: unknown } | null)?.id));
  // An id of the wrong type is a problem of its own; whoever means it is not unknown beside.
  const known = new Set([...ids].map(String));
  return timeline.flatMap((action, index) => {
    const id = (action as { participant?: unknown } | null)?.participant;
    if (!Number.isFinite(id) || known.has(String(id))) return [];
    const declared = [...ids].filter((each) => each !== undefined);
    return [unknownParticipant(id as number, declared, locate(['timeline', index, 'participant']))];
  });
}

/** An action of somebody who is not in the meeting. */
export function unknownParticipant(
  id: number,
  known: readonly unknown[],
  location?: SourceLocation | undefined,
): Problem {
  return {
    code: 'unknown_participant',
    message: `There is no participant ${id}.`,
    hint: `The participants are ${known.slice(0, 20).map(String).join(', ')}.`,
    location,
  };
}

/** A value as a message shows it: short. */
function show(value: unknown): string {
  // JSON has no such numbers, and YAML has.
  const isJson = typeof value !== 'number' || Number.isFinite(value);
  const text = (isJson ? JSON.stringify(value) : undefined) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

/** `timeline[3].at` */
export function formatPath(path: Path): string {
  return path
    .map((key, index) => (typeof key === 'number' ? `[${key}]` : index === 0 ? key : `.${key}`))
    .join('');
}
