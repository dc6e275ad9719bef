/** The participants of a meeting, each with a letter and a colour, by id. */
import type { MeetingReport } from '../../src/check/report.ts';
import { type Person, personAt } from '../lanes/people.ts';

export function peopleOf(meeting: MeetingReport | undefined): ReadonlyMap<number, Person> {
  const lanes = meeting?.lanes ?? [];
  return new Map(
    lanes.map(({ participant, name }, index) => [participant, personAt(index, { id: participant, name })]),
  );
}
