/** The meetings of cases, in few words: short ones, in which people talk. */
import { meeting } from '../scenario/builder.ts';
import type { Scenario, ScenarioParticipant } from '../scenario/schema.ts';

/** When somebody is unmuted: from and to, in meeting seconds. Talks all the while, unless `silent`. */
type Stretch = readonly [from: number, to: number, how?: 'silent'];

interface Person extends Partial<ScenarioParticipant> {
  readonly id: number;
  readonly unmuted: readonly Stretch[];
}

/** What public receivers see first: three people with names of their own. */
export const PEOPLE = [
  { id: 100, name: 'Ada Moreno' },
  { id: 200, name: 'Ben Okafor' },
  { id: 300, name: 'Chloé Dupont' },
] as const;

/** Nobody is unmuted at times that fall on a grid of frames by chance. */
export function meetingOf(people: readonly Person[], durationSeconds: number): Scenario {
  const builder = meeting({ duration: durationSeconds });
  for (const { unmuted, ...participant } of people) {
    builder.participant(participant, (does) => {
      for (const [from, to, how] of unmuted) {
        does.unmute(from);
        if (how !== 'silent') does.speak(from, { duration: to - from });
        if (to < durationSeconds) does.mute(to);
      }
    });
  }
  return builder.build();
}
