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
  const intervals: Interval[] = [];
  const joins: { participant: number; sample: number }[] = [];
  const leaves: { participant: number; sample: number }[] = [];
  const problems: { step: Step; field: string; problem: Omit<Problem, 'location'> }[] = [];
  const joining = new Set(
    steps.filter(({ action }) => action.action === 'join').map(({ action }) => action.participant),
  );
  const attendance = new Map<number, Attendance>();
  for (const [id, participant] of indexOf) {
    const present = !joining.has(id);
    attendance.set(id, { present, interval: undefined, lastSpeak: undefined, video: new Set() });
    if (present) joins.push({ participant, sample: 0 });
  }
  const problem = (step: Step, code: string, message: string, hint: string, field = 'action'): void => {
    problems.push({ step, field, problem: { code, message, hint } });
  };
  const endInterval = (who: Attendance, step: Step, what: string): void => {
    const { interval, lastSpeak } = who;
    if (interval === undefined) return;
    interval.endSample = step.sample;
    if (lastSpeak?.endSample !== undefined && lastSpeak.endSample > step.sample) {
      problem(
        lastSpeak,
        `audio_past_${what}`,
        `The audio ends at ${seconds(lastSpeak.endSample)}, after the ${what} at ${seconds(step.sample)}.`,
        `Use shorter audio, speak earlier, or ${what} at ${seconds(lastSpeak.endSample)} or later.`,
      );
    }
    who.interval = undefined;
    who.lastSpeak = undefined;
  };

  const switchVideo = (who: Attendance, step: Step, type: VideoType, on: boolean): void => {
    const { participant } = step.action;
    const state = on ? 'on' : 'off';
    if (who.video.has(type) === on) {
      problem(
        step,
        `${type}_already_${state}`,
        `The ${type} of participant ${participant} is ${state} already.`,
        `Switch it ${on ? 'off' : 'on'} first, or leave this out.`,
      );
    }
    if (on) who.video.add(type);
    else who.video.delete(type);
  };

  for (const step of steps) {
    const { action } = step;
    const who = attendance.get(action.participant);
    const participant = indexOf.get(action.participant);
    if (who === undefined || participant === undefined) {
      const { code, message, hint = '' } = unknownParticipant(action.participant, [...indexOf.keys()]);
      problem(step, code, message, hint, 'participant');
      continue;
    }
    if (endSample !== undefined && step.sample > endSample) {
      problem(
        step,
        'after_end',
        `${seconds(step.sample)} is after the end of the meeting at ${seconds(endSample)}.`,
        'Move it, or make duration longer.',
        'at',
      );
      continue;
    }
    if (action.action === 'join') {
      if (who.present)
        problem(
          step,
          'already_joined',
          `Participant ${action.participant} has joined already.`,
          'Let them leave first.',
        );
      else joins.push({ participant, sample: step.sample });
      who.present = true;
      continue;
    }
    if (!who.present) {
      problem(
        step,
        `${action.action}_while_absent`,
        `Participant ${action.participant} is not in the meeting at ${seconds(step.sample)}.`,
        `Let them join before they ${action.action}.`,
      );
      continue;
    }
    switch (action.action) {
      case 'leave':
        endInterval(who, step, 'leave');
        who.video.clear();
        who.present = false;
        leaves.push({ participant, sample: step.sample });
        break;
      case 'unmute':
        if (who.interval !== undefined) {
          problem(
            step,
            'already_unmuted',
            `Participant ${action.participant} is unmuted already.`,
            'Mute them first, or leave this out.',
          );
          break;
        }
        who.interval = { participant, startSample: step.sample, endSample: step.sample, speaks: [] };
        intervals.push(who.interval);
        break;
      case 'mute':
        if (who.interval === undefined) {
          problem(
            step,
            'already_muted',
            `Participant ${action.participant} is muted already.`,
            'Unmute them first, or leave this out.',
          );
        }
        endInterval(who, step, 'mute');
        break;
      case 'speak':
        if (who.interval === undefined) {
          problem(
            step,
            'speak_while_muted',
            `Participant ${action.participant} speaks at ${seconds(step.sample)} while muted.`,
            'Unmute them first.',
          );
          break;
        }
        if (who.lastSpeak?.endSample !== undefined && who.lastSpeak.endSample > step.sample) {
          problem(
            step,
            'speak_overlap',
            `Participant ${action.participant} still speaks until ${seconds(who.lastSpeak.endSample)}.`,
            `Speak at ${seconds(who.lastSpeak.endSample)} or later.`,
            'at',
          );
          break;
        }
        who.lastSpeak = step;
        who.interval.speaks.push(step);
        break;
      case 'webcam_on':
      case 'webcam_off':
        switchVideo(who, step, 'webcam', action.action === 'webcam_on');
        break;
      case 'screenshare_on':
      case 'screenshare_off':
        switchVideo(who, step, 'screenshare', action.action === 'screenshare_on');
        break;
      default:
        break;
    }
  }

  const end = endSample ?? steps.reduce((last, step) => Math.max(last, step.sample, step.endSample ?? 0), 0);
  for (const who of attendance.values()) {
    const { interval, lastSpeak } = who;
    if (interval === undefined) continue;
    interval.endSample = end;
    if (lastSpeak?.endSample !== undefined && lastSpeak.endSample > end) {
      problem(
        lastSpeak,
        'audio_past_end',
        `The audio ends at ${seconds(lastSpeak.endSample)}, after the end of the meeting at ${seconds(end)}.`,
        'Use shorter audio, or make duration longer.',
      );
    }
  }
  return {
    intervals: intervals.filter((each) => each.endSample > each.startSample),
    joins,
    leaves,
    problems,
    endSample: end,
  };
}
