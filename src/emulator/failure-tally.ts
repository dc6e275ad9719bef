/** What went wrong over many connections: each failure once, with what it cost. For reports and verdicts. */
import { z } from 'zod';
import { FAILURE_CODES, type Failure, isOnDemand } from './failure.ts';

const count = z.int().nonnegative();

export const failureSchema = z.strictObject({
  code: z.enum(FAILURE_CODES),
  text: z.string().describe("One sentence in the receiver's terms"),
});

/** The failures of a report. */
export const failuresSchema = z
  .array(z.strictObject({ ...failureSchema.shape, frames: count, connections: count }))
  .describe(
    'What went wrong, with the frames and events that were lost for it and the connections it befell; worst first',
  );
export type Failures = z.infer<typeof failuresSchema>;

/** Receivers may close every connection with another reason: beyond so many texts, those of one code become one. */
const MAX_TEXTS = 100;

/** Failures that say the same are one. */
export class FailureTally {
  readonly #byText = new Map<string, Failures[number]>();

  note({ code, text }: Failure, frames: number, connections: number): void {
    const told =
      this.#byText.has(text) || this.#byText.size < MAX_TEXTS ? text : `further failures (${code})`;
    const known = this.#byText.get(told) ?? { code, text: told, frames: 0, connections: 0 };
    this.#byText.set(told, {
      ...known,
      frames: known.frames + frames,
      connections: known.connections + connections,
    });
  }

  /** Worst first. */
  get failures(): Failures {
    return [...this.#byText.values()].sort((a, b) => b.frames - a.frames || b.connections - a.connections);
  }
}

/** Whose text is enough for a verdict; the report has them all. */
const TOLD_FAILURES = 2;

/** ` (close code 1011 "out of memory"; and 3 other reasons)`, or nothing when there is no reason. */
export function inBrackets(failures: Failures): string {
  if (failures.length === 0) return '';
  const reasons = failures.slice(0, TOLD_FAILURES).map(({ text }) => text);
  const more = failures.length - TOLD_FAILURES;
  if (more > 0) reasons.push(`and ${more} other reason${more === 1 ? '' : 's'}`);
  return ` (${reasons.join('; ')})`;
}

/** `12 frames lost while disconnected (why)`. `what`: such as `12 frames`. `told`: texts that the verdict has already. */
export function lostWhileDisconnected(
  what: string,
  failures: Failures,
  told: ReadonlySet<string> = new Set(),
): string {
  const causes = failures.filter((each) => each.frames > 0 && !isOnDemand(each) && !told.has(each.text));
  return `${what} lost while disconnected${inBrackets(causes)}`;
}
