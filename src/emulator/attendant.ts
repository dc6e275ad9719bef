/** Somebody in a meeting that takes live commands: whether they are there, what their microphone sends, what they say. */

import { loopSource, noiseFloor } from '../audio/signals.ts';
import { type AudioSource, offsetSource } from '../audio/source.ts';
import { sliceSegments } from '../scenario/slice.ts';
import type { StreamPlan, Utterance } from '../scenario/timeline.ts';

/** Something said on command. */
export interface LiveUtterance extends Utterance {
  readonly source: AudioSource;
}

export class Attendant {
  present = false;
  /** A `join` has been sent and no `leave` since. */
  announced = false;
  /** They changed (a name, an email) and nobody has been told, because the recording was paused. */
  changedUntold = false;
  /** They left on command: what the scenario has for later waits until they come back. */
  sentAway = false;
  /** The scenario has them speak, heard or not. */
  scripted = false;
  /** What they say on command and have not finished. */
  readonly said: LiveUtterance[] = [];
  /** A `speech_on` has been sent and no `speech_off` since. */
  announcedSpeaking = false;
  /** What their microphone sends from now on, as far as it is known; sorted, without overlaps. */
  plans: StreamPlan[];
  /** What the scenario lets it send. */
  readonly script: readonly StreamPlan[];

  constructor(script: readonly StreamPlan[]) {
    this.script = script;
    this.plans = [...script];
  }

  /** What their open microphone sends at a position, or undefined when it is closed. */
  planAt(sample: number): StreamPlan | undefined {
    return this.plans.find((plan) => plan.startSample <= sample && plan.endSample > sample);
  }

  /** Where the microphone that was open last before a position closed; the position itself while it is open. */
  heardUntil(sample: number): number {
    const last = this.plans.findLast(({ startSample }) => startSample <= sample);
    return last === undefined ? sample : Math.min(sample, last.endSample);
  }

  /** Whether they speak at a position, into an open microphone or not. */
  speaksAt(sample: number): boolean {
    return this.scripted || this.said.some((each) => each.startSample <= sample && each.endSample > sample);
  }

  /** What they were saying on command is forgotten: their microphone sends near-silence instead of all that it was to send. */
  hush(participant: number): void {
    this.said.length = 0;
    this.plans = this.plans.map(({ startSample, endSample }) =>
      quietPlan(participant, startSample, endSample),
    );
  }

  /** A plan with what they are saying on command in place of what it has there. */
  withSaid(plan: StreamPlan): StreamPlan {
    let changed = plan;
    for (const utterance of this.said) changed = withUtterance(changed, utterance);
    return changed;
  }
}

/** A microphone that is open, with nobody speaking into it: near-silence, a noise of its own for every participant. */
export function quietPlan(participant: number, startSample: number, endSample: number): StreamPlan {
  const source = loopSource(noiseFloor(participant + 1), endSample - startSample);
  return {
    participant,
    startSample,
    endSample,
    segments: [{ startSample, endSample, kind: 'silence', source }],
    framing: 'by_duration',
  };
}

function withUtterance(plan: StreamPlan, { startSample, endSample, source }: LiveUtterance): StreamPlan {
  const from = Math.max(startSample, plan.startSample);
  const to = Math.min(endSample, plan.endSample);
  if (to <= from) return plan;
  return {
    ...plan,
    framing: 'by_duration',
    segments: [
      ...sliceSegments(plan.segments, plan.startSample, from),
      {
        startSample: from,
        endSample: to,
        kind: 'speech',
        source: offsetSource(source, from - startSample),
      },
      ...sliceSegments(plan.segments, to, plan.endSample),
    ],
  };
}
