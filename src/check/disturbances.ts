/** What goes wrong with a script on its way to a receiver. */
import type { ScriptStep } from '../emulator/script.ts';
import type { Spoiler } from '../emulator/spoilers.ts';

export interface Disturbance {
  /** In words, for a failure. */
  readonly description: string;
  change(steps: readonly ScriptStep[]): readonly ScriptStep[];
}

type Message = Extract<ScriptStep, { kind: 'message' }>;

/**
 * The connection of one message is replaced by a new one before it: lost (1006), or, when `late`, closed only after the
 * message has come over its successor. `at` counts messages, from the first again after the last.
 */
export function reconnection(at: number, late: boolean): Disturbance {
  return {
    description: late
      ? `the connection is replaced before message ${at + 1}, and the old one closes after it`
      : `the connection is lost before message ${at + 1} and replaced`,
    change: (steps) =>
      atMessage(steps, at, (before, message, after) => {
        const { connection: old, atSample } = message;
        const next = Math.max(...steps.map(({ connection }) => connection)) + 1;
        const moved = (step: ScriptStep): ScriptStep =>
          step.connection === old ? { ...step, connection: next } : step;
        const opened: ScriptStep = { kind: 'open', connection: next, atSample };
        const closed: ScriptStep = { kind: 'close', connection: old, atSample, code: late ? 1000 : 1006 };
        return late
          ? [...before, opened, moved(message), closed, ...after.map(moved)]
          : [...before, closed, opened, moved(message), ...after.map(moved)];
      }),
  };
}

/** Every so many messages one comes twice. */
export function repetition(every: number): Disturbance {
  return {
    description: every === 1 ? 'every message comes twice' : `every ${every}th message comes twice`,
    change: (steps) => {
      let messages = 0;
      return steps.flatMap((step) =>
        step.kind === 'message' && messages++ % every === 0 ? [step, step] : [step],
      );
    },
  };
}

/** Before one message comes a spoiled copy of it. */
export function malformation(at: number, { description, spoil }: Spoiler): Disturbance {
  return {
    description: `before message ${at + 1} comes one that is not valid: ${description}`,
    change: (steps) =>
      atMessage(steps, at, (before, message, after) => {
        const text = spoil(JSON.parse(message.text)).at(-1)!;
        return [...before, { ...message, text }, message, ...after];
      }),
  };
}

function atMessage(
  steps: readonly ScriptStep[],
  at: number,
  change: (before: readonly ScriptStep[], message: Message, after: readonly ScriptStep[]) => ScriptStep[],
): readonly ScriptStep[] {
  const messages = steps.filter((step) => step.kind === 'message');
  const message = messages[at % Math.max(1, messages.length)];
  if (message === undefined) return steps;
  const index = steps.indexOf(message);
  return change(steps.slice(0, index), message, steps.slice(index + 1));
}
