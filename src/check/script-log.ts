/** What a script does on the wire, noted while it is played: whose audio each connection carries, and what was sent. */
import type { Script, StepOf } from '../emulator/script.ts';
import { plainText } from '../plain-text.ts';
import { SAMPLE_RATE } from '../protocol/pcm.ts';

/** Something that was sent. */
interface SentStep {
  /** On the meeting's clock. */
  readonly atSeconds: number;
  readonly connection: number;
  readonly kind: 'message' | 'ping';
  /** Safe to print. */
  readonly text: string;
}

const MAX_STEPS = 100;
const MAX_TEXT = 240;
/** Longer messages are looked at so far. */
const MAX_LOOKED_AT = 20_000;
/** Audio says nothing to a person. */
const AUDIO = /("buffer":"[^"]{12})[^"]+/;

export class ScriptLog {
  readonly #participants = new Map<number, Set<number>>();
  readonly #steps: SentStep[] = [];

  /** The first of what was sent, in order. */
  get steps(): readonly SentStep[] {
    return this.#steps;
  }

  /** Ids of those whose audio the connection carried, in the order of their first messages. */
  participantsOf(connection: number): number[] {
    return [...(this.#participants.get(connection) ?? [])];
  }

  /** The same script, noted step by step as it is taken. */
  *noted(script: Script): Generator<StepOf<Script>> {
    for (const step of script) {
      this.#note(step);
      yield step;
    }
  }

  #note(step: StepOf<Script>): void {
    if (step.kind === 'message' && step.participantId !== undefined) {
      const carried = this.#participants.get(step.connection) ?? new Set();
      this.#participants.set(step.connection, carried.add(step.participantId));
    }
    if (step.kind === 'open' || step.kind === 'close' || step.kind === 'wait') return;
    if (this.#steps.length >= MAX_STEPS) return;
    const { connection, atSample } = step;
    const kind = step.kind === 'ping' ? 'ping' : 'message';
    this.#steps.push({ atSeconds: atSample / SAMPLE_RATE, connection, kind, text: textOf(step) });
  }
}

function textOf(step: Exclude<StepOf<Script>, { kind: 'open' | 'close' | 'wait' }>): string {
  if (step.kind === 'ping') return 'ping';
  if (step.kind === 'binary') return `binary, ${step.bytes.length} bytes`;
  return plainText(step.text.slice(0, MAX_LOOKED_AT).replace(AUDIO, '$1…'), MAX_TEXT);
}
