/**
 * Reads faults as people write them: one line (`latency=200ms±50ms@5s-10s`), or fields (`{ at: 5s, fault: latency, ms: 200 }`).
 * One grammar for `--fault`, scenarios, the control API, load tests and tests.
 */
import { InvalidInputError, type Problem, type SourceLocation, UsageError } from '../../errors.ts';
import { plainText } from '../../plain-text.ts';
import { parseDuration } from '../../scenario/duration.ts';
import type { FaultFields, ScenarioFault } from '../../scenario/faults.ts';
import type { FaultKind, FaultSpec } from './fault.ts';
import { FAULTS } from './index.ts';
import { pairsOf, splitOnce } from './text.ts';

/** Of what somebody wrote, in messages. */
const MAX_SHOWN = 200;

/** For messages. */
const FAULT_GRAMMAR = 'NAME[=VALUE][,OPTION=VALUE…][@AT[-UNTIL]]';

type Reading = { readonly spec: FaultSpec } | { readonly complaints: readonly Complaint[] };

interface Complaint {
  /** The field it is about. */
  readonly field: string;
  readonly message: string;
}

/** One line. Throws a `UsageError` (`invalid_fault`). */
export function parseFault(text: string): FaultSpec {
  const reading = check(fieldsOf(text), text);
  if ('spec' in reading) return reading.spec;
  throw new UsageError(
    'invalid_fault',
    `The fault "${plainText(text, MAX_SHOWN)}" cannot be: ${inWords(reading.complaints)}`,
    {
      hint: `Write ${FAULT_GRAMMAR}, such as latency=200ms±50ms or reset@3s.`,
    },
  );
}

/** Fields. Throws a `UsageError` (`invalid_fault`). */
export function readFault(fields: FaultFields): FaultSpec {
  const reading = check(fields);
  if ('spec' in reading) return reading.spec;
  throw new UsageError('invalid_fault', `This fault cannot be: ${inWords(reading.complaints)}`, {
    hint: 'Such as { at: 3s, fault: reset } or { at: 5s, until: 10s, fault: latency, ms: 200 }.',
  });
}

/** Either. Throws a `UsageError` (`invalid_fault`). */
export function readFaults(faults: readonly (string | FaultFields)[] = []): FaultSpec[] {
  return faults.map((each) => (typeof each === 'string' ? parseFault(each) : readFault(each)));
}

/** Those of a scenario. Throws an `InvalidInputError` (`invalid_scenario`) with all problems and their places. */
export function scenarioFaults(faults: readonly ScenarioFault[] = []): FaultSpec[] {
  const problems: Problem[] = [];
  const specs: FaultSpec[] = [];
  for (const { fields, places } of faults) {
    const reading = check(fields);
    if ('spec' in reading) specs.push(reading.spec);
    else problems.push(...reading.complaints.map((each) => problemOf(each, places)));
  }
  if (problems.length > 0) throw new InvalidInputError('invalid_scenario', problems);
  return specs;
}

function problemOf({ field, message }: Complaint, places: Readonly<Record<string, SourceLocation>>): Problem {
  return { code: 'invalid_fault', message: `${message}.`, location: places[field] ?? places.fault };
}

function inWords(complaints: readonly Complaint[]): string {
  return `${complaints.map(({ message }) => message).join('; ')}.`;
}

const WHEN_AND_WHO = ['fault', 'at', 'until', 'for', 'participant'];

function check(fields: FaultFields, text?: string): Reading {
  const kind = FAULTS.find(({ name }) => name === fields.fault);
  if (kind === undefined) {
    const names = FAULTS.map(({ name }) => name).join(', ');
    return {
      complaints: [
        { field: 'fault', message: `"${plainText(fields.fault, 60)}" is no fault; there are ${names}` },
      ],
    };
  }
  const complaints: Complaint[] = [];
  const time = (field: 'at' | 'until' | 'for'): number | undefined => {
    const value = fields[field];
    if (value === undefined) return undefined;
    const parsed = parseDuration(value as string | number);
    if (parsed === undefined)
      complaints.push({ field, message: `${field}: "${value}" is no time, such as 3s or 250ms` });
    return parsed === undefined ? undefined : parsed * 1_000;
  };
  const [atMs, untilMs, forMs] = [time('at'), time('until'), time('for')];
  complaints.push(...timeComplaints(kind, { atMs, untilMs, forMs }));
  const { participant } = fields;
  const participantId = participant === undefined ? undefined : Number(participant);
  if (participantId !== undefined && !Number.isSafeInteger(participantId))
    complaints.push({ field: 'participant', message: `participant: "${participant}" is no id` });
  const options = Object.fromEntries(Object.entries(fields).filter(([key]) => !WHEN_AND_WHO.includes(key)));
  const read = kind.options.safeParse(options);
  if (!read.success) complaints.push(...optionComplaints(kind, options, read.error.issues));
  if (complaints.length > 0 || !read.success) return { complaints };
  const spec = { kind, options: read.data, atMs, untilMs, forMs, participantId };
  return { spec: { ...spec, text: plainText(text ?? textOf(fields), MAX_SHOWN) } };
}

function timeComplaints(
  { name, instant }: FaultKind,
  { atMs, untilMs, forMs }: Pick<FaultSpec, 'atMs' | 'untilMs' | 'forMs'>,
): Complaint[] {
  const long = untilMs !== undefined ? 'until' : forMs !== undefined ? 'for' : undefined;
  if (instant === true && long !== undefined)
    return [{ field: long, message: `${name} happens in a moment: it has no end` }];
  if (instant === true && atMs === undefined)
    return [{ field: 'fault', message: `${name} happens in a moment: say when, such as ${name}@3s` }];
  if (untilMs !== undefined && forMs !== undefined)
    return [{ field: 'for', message: 'until and for say the same: give one of them' }];
  if (untilMs !== undefined && untilMs <= (atMs ?? 0))
    return [{ field: 'until', message: 'it ends before it begins' }];
  return [];
}

function optionComplaints(
  { name, options, value }: FaultKind,
  given: Readonly<Record<string, unknown>>,
  issues: readonly {
    readonly code?: string | undefined;
    readonly path: PropertyKey[];
    readonly message: string;
  }[],
): Complaint[] {
  const known = Object.keys(options.shape);
  return issues.flatMap((issue) => {
    if (issue.code === 'unrecognized_keys') {
      const has = known.length === 0 ? 'it has none' : `it has ${known.join(', ')}`;
      return Object.keys(given)
        .filter((key) => !known.includes(key))
        .map((key) => ({ field: key, message: `${name} has no option "${key}": ${has}` }));
    }
    const field = String(issue.path[0] ?? value ?? 'fault');
    const shown = JSON.stringify(given[field]) ?? 'nothing';
    return [{ field, message: `${field}: ${shown.slice(0, 60)}: ${issue.message}` }];
  });
}

/** `NAME[=VALUE][,OPTION=VALUE…][@AT[-UNTIL]]`; VALUE may be `200ms±50ms`, or `200ms+-50ms`. */
function fieldsOf(text: string): FaultFields {
  const [what, when] = splitOnce(text.trim(), '@');
  const [[name, value], ...others] = pairsOf(what);
  const kind = FAULTS.find((each) => each.name === name);
  const fields: Record<string, unknown> & { fault: string } = { fault: name };
  if (value !== undefined) {
    const [middle = '', jitter] = value.split(/±|\+-/);
    fields[kind?.value ?? 'value'] = middle.trim();
    if (jitter !== undefined) fields.jitter = jitter.trim();
  }
  for (const [key, given = ''] of others) fields[key] = given;
  if (when !== undefined) {
    const [at, until] = splitOnce(when, '-');
    fields.at = at.trim();
    if (until !== undefined) fields.until = until.trim();
  }
  return fields;
}

/** As one line. */
function textOf({ fault, at, until, ...options }: FaultFields): string {
  const given = Object.entries(options)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `,${key}=${value}`);
  const when =
    at === undefined && until === undefined ? '' : `@${at ?? 0}${until === undefined ? '' : `-${until}`}`;
  return `${fault}${given.join('')}${when}`;
}
