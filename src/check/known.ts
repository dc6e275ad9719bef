/**
 * Failures that are expected: a list of cases, in a file of its own. They fail no run; one that fails no more is told, so that
 * the list does not grow old.
 */
import { z } from 'zod';
import type { ConnectionMode } from '../emulator/endpoint.ts';
import { InvalidInputError, type Problem } from '../errors.ts';
import { readTextFile } from '../files.ts';
import { tooDeep } from '../json.ts';
import { shapeProblems } from '../scenario/shape.ts';
import { readYaml, type YamlSource } from '../scenario/yaml.ts';
import type { CaseResult } from './report.ts';
import { checkPattern, fits } from './select.ts';

export interface KnownFailure {
  /** Id of a case, with `*` for any part. */
  readonly case: string;
  /** Only in this topology; in both when left out. */
  readonly connections?: ConnectionMode | undefined;
  /** For whoever reads the report. */
  readonly reason?: string | undefined;
}

const MAX_BYTES = 1024 * 1024;
const MAX_REASON = 500;

const entrySchema = z.union([
  z.string().min(1),
  z.strictObject({
    case: z.string().min(1),
    connections: z.enum(['per-participant', 'per-endpoint']).optional(),
    reason: z.string().max(MAX_REASON).optional(),
  }),
]);
const listSchema = z.array(entrySchema);

/** The list as it was given: itself, or a file. Throws as `readKnown` does, and as `checkPattern`. */
export async function openKnown(
  known: string | readonly KnownFailure[] | undefined,
  ids: readonly string[],
): Promise<readonly KnownFailure[]> {
  if (typeof known === 'string') return readKnown(known, ids);
  for (const { case: pattern } of known ?? []) checkPattern(pattern, ids);
  return known ?? [];
}

/**
 * The list in a file (YAML or JSON). Throws a `UsageError` when it cannot be read, and an `InvalidInputError` (`invalid_known`)
 * with every problem in it and its line; `unknown_case` is one of them.
 */
async function readKnown(file: string, ids: readonly string[]): Promise<KnownFailure[]> {
  const source = readYaml(await readTextFile(file, MAX_BYTES), file, invalid);
  // A file with nothing but comments.
  if (source.value === null) return [];
  const deep = tooDeep(source.value);
  if (deep !== undefined) throw invalid([{ ...deep, location: { file } }]);
  const parsed = listSchema.safeParse(source.value);
  if (!parsed.success) throw invalid(problemsOf(parsed.error, source));
  const entries = parsed.data.map((entry) => (typeof entry === 'string' ? { case: entry } : entry));
  const unknown = entries.flatMap((entry, index) =>
    ids.some((id) => fits(entry.case, id)) ? [] : [unknownCase(entry.case, index, source)],
  );
  if (unknown.length > 0) throw invalid(unknown);
  return entries;
}

function invalid(problems: readonly Problem[]): InvalidInputError {
  return new InvalidInputError('invalid_known', problems);
}

/** Zod tells of a union only that no part of it fits: the fields of an entry are what was meant. */
function problemsOf(error: z.ZodError, { value, locate }: YamlSource): Problem[] {
  const issues = error.issues.flatMap((issue) => {
    if (issue.code !== 'invalid_union') return [issue];
    const [, ofObject = []] = issue.errors;
    return ofObject.map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] }));
  });
  return shapeProblems(issues, value, locate);
}

function unknownCase(id: string, index: number, { locate }: YamlSource): Problem {
  return {
    code: 'unknown_case',
    message: `No case is called ${id}.`,
    hint: 'Take it out, or see the list of all cases.',
    location: locate([index]),
  };
}

/** The result as it counts: a failure that was expected is known, and says why. */
export function withKnown(result: CaseResult, known: readonly KnownFailure[]): CaseResult {
  const entry = known.find((each) => covers(each, result));
  if (entry === undefined || result.verdict !== 'fail') return result;
  const { reason } = entry;
  const note = {
    code: 'known',
    severity: 'note' as const,
    text: `expected to fail: ${reason}`,
    recording_id: null,
    participant: null,
    from_s: null,
    to_s: null,
  };
  return { ...result, known: true, lines: reason === undefined ? result.lines : [...result.lines, note] };
}

/**
 * What was expected to fail and did not, as it stands in the list: `names.equal`, `mute.* (per-endpoint)`. All that it means was
 * played and passed. What nobody could see may still fail.
 */
export function fixedOf(results: readonly CaseResult[], known: readonly KnownFailure[]): string[] {
  const fixed = known.filter((entry) => {
    const meant = results.filter((result) => covers(entry, result));
    return meant.length > 0 && meant.every(({ verdict }) => verdict === 'pass' || verdict === 'warn');
  });
  const texts = fixed.map(
    ({ case: id, connections }) => `${id}${connections === undefined ? '' : ` (${connections})`}`,
  );
  return [...new Set(texts)];
}

function covers(
  { case: pattern, connections }: KnownFailure,
  { id, connections: mode }: CaseResult,
): boolean {
  return fits(pattern, id) && (connections === undefined || connections === mode);
}
