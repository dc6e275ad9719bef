/** The meetings of cases, in few words: short ones, in which people talk. */
import { meeting, type ParticipantTimeline } from '../scenario/builder.ts';
import type { Scenario, ScenarioParticipant } from '../scenario/schema.ts';

/** When somebody is unmuted: from and to, in meeting seconds. Talks all the while, unless `silent`. */
type Stretch = readonly [from: number, to: number, how?: 'silent'];

interface Person extends Partial<ScenarioParticipant> {
  readonly id: number;
  readonly unmuted: readonly Stretch[];
  /** What else they do. */
  readonly does?: (timeline: ParticipantTimeline) => unknown;
}

/** What public receivers see first: three people with names of their own. */
export const PEOPLE = [
  { id: 100, name: 'Ada Moreno' },
  { id: 200, name: 'Ben Okafor' },
  { id: 300, name: 'Chloe Dupont' },
] as const;

/** Nobody is unmuted at times that fall on a grid of frames by chance. */
export function meetingOf(people: readonly Person[], durationSeconds: number): Scenario {
  const builder = meeting({ duration: durationSeconds });
  for (const { unmuted, does, ...participant } of people) {
    builder.participant(participant, (timeline) => {
      for (const [from, to, how] of unmuted) {
        timeline.unmute(from);
        if (how !== 'silent') timeline.speak(from, { duration: to - from });
        if (to < durationSeconds) timeline.mute(to);
      }
      does?.(timeline);
    });
  }
  return builder.build();
}
