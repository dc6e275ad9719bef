/** All that was found in a case, line by line, with whom and which of its meetings each is about. */
import { useMemo } from 'preact/hooks';
import type { CaseResult } from '../../src/check/report.ts';
import { Badge } from '../lanes/Badge.tsx';
import { timeText } from '../lanes/time.ts';
import { peopleOf } from './people.ts';
import { Words } from './Words.tsx';

const SIGNS = { error: '✕', warning: '▲', note: 'i' } as const;

export function Findings({ lines, meetings }: Pick<CaseResult, 'lines' | 'meetings'>) {
  // The same id may be somebody else in another meeting.
  const people = useMemo(() => meetings.map(peopleOf), [meetings]);
  return (
    <section aria-labelledby="findings">
      <h2 id="findings">What was found</h2>
      <ul class="findings">
        {lines.map(({ code, severity, text, recording_id, participant, from_s }, index) => {
          const meeting = meetings.findIndex((each) => each.recording_id === recording_id);
          const person = participant === null ? undefined : people[meeting]?.get(participant);
          return (
            <li key={index} class={`finding ${severity}`}>
              <span class="sign" role="img" aria-label={severity}>
                {SIGNS[severity]}
              </span>
              <span class="who">{person !== undefined && <Badge person={person} />}</span>
              <span class="text">
                <Words text={text} />
              </span>
              <span class="where">
                <code>{code}</code>
                {meeting !== -1 && meetings.length > 1 && <MeetingLink number={meeting + 1} />}
                {from_s !== null && <span>at {timeText(from_s)}</span>}
              </span>
            </li>
          );
        })}
      </ul>
    </section>
  );
}

/** No link: the part of the address behind `#` says which case is shown. */
function MeetingLink({ number }: { readonly number: number }) {
  const go = (): void => {
    const heading = document.getElementById(meetingId(number));
    heading?.scrollIntoView();
    heading?.focus({ preventScroll: true });
  };
  return (
    <button type="button" class="to-meeting" onClick={go}>
      meeting {number}
    </button>
  );
}

/** Of the heading of the meeting. */
export function meetingId(number: number): string {
  return `meeting-${number}`;
}
