/** Video of a meeting: from when to when a participant's camera is on, or a screen is shared. Pure. */
import type { VideoType } from '../protocol/video-separate-png.ts';
import { inOrder, type TimelineEvent, type VideoPlan } from './timeline.ts';

/** What an event does to a participant's video. A `leave` ends all of it. */
const SWITCHES: Readonly<Record<string, { readonly type: VideoType; readonly on: boolean }>> = {
  'participant_events.webcam_on': { type: 'webcam', on: true },
  'participant_events.webcam_off': { type: 'webcam', on: false },
  'participant_events.screenshare_on': { type: 'screenshare', on: true },
  'participant_events.screenshare_off': { type: 'screenshare', on: false },
};

/**
 * The video of a meeting by its events, which are sorted: sorted by its beginning, then participant. What is switched on twice
 * goes on, and what is never switched off ends with the meeting, because captures of real calls may have it so.
 */
export function videoPlans(events: readonly TimelineEvent[], durationSamples: number): VideoPlan[] {
  const plans: VideoPlan[] = [];
  const running = new Map<string, VideoPlan>();
  const end = (key: string, endSample: number): void => {
    const plan = running.get(key);
    running.delete(key);
    if (plan !== undefined && endSample > plan.startSample) plans.push({ ...plan, endSample });
  };
  for (const { event, participant, sample } of events) {
    if (event === 'participant_events.leave') {
      end(`${participant} webcam`, sample);
      end(`${participant} screenshare`, sample);
    }
    const change = SWITCHES[event];
    if (change === undefined) continue;
    const key = `${participant} ${change.type}`;
    if (!change.on) end(key, sample);
    else if (!running.has(key))
      running.set(key, { participant, type: change.type, startSample: sample, endSample: sample });
  }
  for (const key of [...running.keys()]) end(key, durationSamples);
  return plans.sort(inOrder);
}

/** The part of a participant's video from a position on, or undefined when it is over by then. */
export function videoFrom(plan: VideoPlan, fromSample: number): VideoPlan | undefined {
  if (plan.endSample <= fromSample) return undefined;
  return plan.startSample >= fromSample ? plan : { ...plan, startSample: fromSample };
}
