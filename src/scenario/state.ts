/**
 * What can happen in a meeting, as a state machine over each participant: present or not, muted or not, speaking or not, the
 * camera and a shared screen on or off. Pure: takes actions with sample positions, gives streams' intervals or all the problems
 * there are.
 */
import type { Problem } from '../errors.ts';
import { SAMPLE_RATE } from '../protocol/pcm.ts';
import type { VideoType } from '../protocol/video-separate-png.ts';
import type { ScenarioAction } from './schema.ts';
import { unknownParticipant } from './shape.ts';

/** One action with its place. `endSample` is the end of the audio of a `speak`. */
export interface Step {
  /** Index in the scenario's timeline. */
  readonly index: number;
  readonly sample: number;
  readonly action: ScenarioAction;
  readonly endSample?: number | undefined;
}

/** One unmuted interval and what was said in it. */
export interface Interval {
  readonly participant: number;
  readonly startSample: number;
  endSample: number;
  readonly speaks: Step[];
}

export interface MeetingState {
  readonly intervals: readonly Interval[];
  /** Samples at which participants came (0 for those there from the start) and left. */
  readonly joins: readonly { readonly participant: number; readonly sample: number }[];
  readonly leaves: readonly { readonly participant: number; readonly sample: number }[];
  readonly problems: readonly {
    readonly step: Step;
    readonly field: string;
    readonly problem: Omit<Problem, 'location'>;
  }[];
}

interface Attendance {
  /** Index into the scenario's participants. */
  readonly participant: number;
  present: boolean;
  interval: Interval | undefined;
  /** The last thing said, and where it ends. */
  lastSpeak: Step | undefined;
  /** Video that is on. Muted people may have it. */
  readonly video: Set<VideoType>;
}

const seconds = (sample: number): string => `${Math.round((sample * 1_000) / SAMPLE_RATE) / 1_000} s`;

/** Runs the steps, which are sorted by sample, then by place in the file. `endSample` undefined: until all has happened. */
export function runMeeting(
  steps: readonly Step[],
  indexOf: ReadonlyMap<number, number>,
  endSample: number | undefined,
): MeetingState & { readonly endSample: number } {
  const meeting = new MeetingRun(steps, indexOf);
  for (const step of steps) meeting.take(step, endSample);
  const end = endSample ?? steps.reduce((last, step) => Math.max(last, step.sample, step.endSample ?? 0), 0);
  meeting.end(end);
  const { intervals, joins, leaves, problems } = meeting;
  return {
    intervals: intervals.filter((each) => each.endSample > each.startSample),
    joins,
    leaves,
    problems,
    endSample: end,
  };
}

/** Everybody's state while the steps run, and what comes of them. A step that makes no sense becomes a problem. */
class MeetingRun {
  readonly intervals: Interval[] = [];
  readonly joins: { participant: number; sample: number }[] = [];
  readonly leaves: { participant: number; sample: number }[] = [];
  readonly problems: { step: Step; field: string; problem: Omit<Problem, 'location'> }[] = [];
  readonly #attendance = new Map<number, Attendance>();

  /** Whoever has a `join` among the steps is absent until then. */
  constructor(steps: readonly Step[], indexOf: ReadonlyMap<number, number>) {
    const joining = new Set(
      steps.filter(({ action }) => action.action === 'join').map(({ action }) => action.participant),
    );
    for (const [id, participant] of indexOf) {
      const present = !joining.has(id);
      const who = { participant, present, interval: undefined, lastSpeak: undefined };
      this.#attendance.set(id, { ...who, video: new Set() });
      if (present) this.joins.push({ participant, sample: 0 });
    }
  }

  /** `endSample` is the end of the meeting, when it is known before. */
  take(step: Step, endSample: number | undefined): void {
    const { participant: id, action } = step.action;
    const who = this.#attendance.get(id);
    if (who === undefined) {
      const { code, message, hint = '' } = unknownParticipant(id, [...this.#attendance.keys()]);
      this.#problem(step, code, message, hint, 'participant');
    } else if (endSample !== undefined && step.sample > endSample) {
      this.#problem(
        step,
        'after_end',
        `${seconds(step.sample)} is after the end of the meeting at ${seconds(endSample)}.`,
        'Move it, or make duration longer.',
        'at',
      );
    } else if (action === 'join') this.#join(who, step);
    else if (!who.present) {
      this.#problem(
        step,
        `${action}_while_absent`,
        `Participant ${id} is not in the meeting at ${seconds(step.sample)}.`,
        `Let them join before they ${action}.`,
      );
    } else this.#act(who, step);
  }

  /** Whoever is unmuted still is so until the end. */
  end(endSample: number): void {
    for (const who of this.#attendance.values()) {
      if (who.interval === undefined) continue;
      who.interval.endSample = endSample;
      const until = speaksUntil(who);
      if (who.lastSpeak === undefined || until <= endSample) continue;
      this.#problem(
        who.lastSpeak,
        'audio_past_end',
        `The audio ends at ${seconds(until)}, after the end of the meeting at ${seconds(endSample)}.`,
        'Use shorter audio, or make duration longer.',
      );
    }
  }

  /** What somebody does who is there. */
  #act(who: Attendance, step: Step): void {
    switch (step.action.action) {
      case 'leave':
        this.#leave(who, step);
        break;
      case 'unmute':
        this.#unmute(who, step);
        break;
      case 'mute':
        this.#mute(who, step);
        break;
      case 'speak':
        this.#speak(who, step);
        break;
      case 'webcam_on':
      case 'webcam_off':
        this.#switchVideo(who, step, 'webcam', step.action.action === 'webcam_on');
        break;
      case 'screenshare_on':
      case 'screenshare_off':
        this.#switchVideo(who, step, 'screenshare', step.action.action === 'screenshare_on');
        break;
      default:
        break;
    }
  }

  #join(who: Attendance, step: Step): void {
    if (who.present) {
      this.#problem(
        step,
        'already_joined',
        `Participant ${step.action.participant} has joined already.`,
        'Let them leave first.',
      );
    } else this.joins.push({ participant: who.participant, sample: step.sample });
    who.present = true;
  }

  #leave(who: Attendance, step: Step): void {
    this.#endInterval(who, step, 'leave');
    who.video.clear();
    who.present = false;
    this.leaves.push({ participant: who.participant, sample: step.sample });
  }

  #unmute(who: Attendance, step: Step): void {
    if (who.interval !== undefined) {
      this.#problem(
        step,
        'already_unmuted',
        `Participant ${step.action.participant} is unmuted already.`,
        'Mute them first, or leave this out.',
      );
      return;
    }
    const { sample } = step;
    who.interval = { participant: who.participant, startSample: sample, endSample: sample, speaks: [] };
    this.intervals.push(who.interval);
  }

  #mute(who: Attendance, step: Step): void {
    if (who.interval === undefined) {
      this.#problem(
        step,
        'already_muted',
        `Participant ${step.action.participant} is muted already.`,
        'Unmute them first, or leave this out.',
      );
    }
    this.#endInterval(who, step, 'mute');
  }

  #speak(who: Attendance, step: Step): void {
    const { participant: id } = step.action;
    const until = speaksUntil(who);
    if (who.interval === undefined) {
      this.#problem(
        step,
        'speak_while_muted',
        `Participant ${id} speaks at ${seconds(step.sample)} while muted.`,
        'Unmute them first.',
      );
    } else if (until > step.sample) {
      this.#problem(
        step,
        'speak_overlap',
        `Participant ${id} still speaks until ${seconds(until)}.`,
        `Speak at ${seconds(until)} or later.`,
        'at',
      );
    } else {
      who.lastSpeak = step;
      who.interval.speaks.push(step);
    }
  }

  #switchVideo(who: Attendance, step: Step, type: VideoType, on: boolean): void {
    const state = on ? 'on' : 'off';
    if (who.video.has(type) === on) {
      this.#problem(
        step,
        `${type}_already_${state}`,
        `The ${type} of participant ${step.action.participant} is ${state} already.`,
        `Switch it ${on ? 'off' : 'on'} first, or leave this out.`,
      );
    }
    if (on) who.video.add(type);
    else who.video.delete(type);
  }

  #endInterval(who: Attendance, step: Step, what: 'leave' | 'mute'): void {
    if (who.interval === undefined) return;
    who.interval.endSample = step.sample;
    const until = speaksUntil(who);
    if (who.lastSpeak !== undefined && until > step.sample) {
      this.#problem(
        who.lastSpeak,
        `audio_past_${what}`,
        `The audio ends at ${seconds(until)}, after the ${what} at ${seconds(step.sample)}.`,
        `Use shorter audio, speak earlier, or ${what} at ${seconds(until)} or later.`,
      );
    }
    who.interval = undefined;
    who.lastSpeak = undefined;
  }

  #problem(step: Step, code: string, message: string, hint: string, field = 'action'): void {
    this.problems.push({ step, field, problem: { code, message, hint } });
  }
}

/** Where the last thing said ends, in samples; 0 when nothing was said, or nobody knows how long it is. */
function speaksUntil({ lastSpeak }: Attendance): number {
  return lastSpeak?.endSample ?? 0;
}
