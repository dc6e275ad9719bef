/** All that was found in a case, line by line. */
import type { CaseResult } from '../../src/check/report.ts';
import { Badge } from '../lanes/Badge.tsx';
import type { Person } from '../lanes/people.ts';
import { timeText } from '../lanes/time.ts';
import { peopleOf } from './people.ts';
import { Words } from './Words.tsx';

const SIGNS = { error: '✕', warning: '▲', note: 'i' } as const;

export function Findings({ lines, meetings }: Pick<CaseResult, 'lines' | 'meetings'>) {
  // Of several meetings a line does not say which: the same id may be somebody else in another.
  const people = meetings.length === 1 ? peopleOf(meetings[0]) : new Map<number, Person>();
  return (
    <section aria-labelledby="findings">
      <h2 id="findings">What was found</h2>
      <ul class="findings">
        {lines.map(({ code, severity, text, participant, from_s }, index) => {
          const person = participant === null ? undefined : people.get(participant);
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
                {from_s !== null && <span>at {timeText(from_s)}</span>}
              </span>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
