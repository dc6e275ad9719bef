/** What went over the wire and what happened, in the order of time; of one connection, or of all. */
import { useId, useState } from 'preact/hooks';
import type { MeetingReport } from '../../src/check/report.ts';
import { timeText } from '../lanes/time.ts';
import { countOf } from './words.ts';

interface Entry {
  readonly at_s: number;
  readonly connection: number | null;
  readonly kind: string;
  readonly text: string;
}

/** `all`, `none` for what is of no connection, or a number. */
type Choice = string;

export function WireLog({ meeting }: { readonly meeting: MeetingReport }) {
  const [choice, setChoice] = useState<Choice>('all');
  const id = useId();
  const entries = entriesOf(meeting);
  const connections = [...new Set(entries.map(({ connection }) => connection))]
    .filter((connection) => connection !== null)
    .sort((a, b) => a - b);
  const shown = entries.filter(
    ({ connection }) => choice === 'all' || String(connection ?? 'none') === choice,
  );
  if (entries.length === 0) return null;
  return (
    <details class="wire-log" open>
      <summary>
        Log <span class="tally">{countOf(entries.length, 'line')}</span>
      </summary>
      <p>
        <label for={id}>Connection</label>{' '}
        <select id={id} value={choice} onChange={({ currentTarget }) => setChoice(currentTarget.value)}>
          <option value="all">all</option>
          <option value="none">none: what happened</option>
          {connections.map((number) => (
            <option key={number} value={String(number)}>
              #{number}
            </option>
          ))}
        </select>
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached with the keyboard. */}
      <section class="log-scroller" tabIndex={0} aria-label="Log">
        <table>
          <thead>
            <tr>
              <th scope="col">At</th>
              <th scope="col">#</th>
              <th scope="col">What</th>
              <th scope="col">Text</th>
            </tr>
          </thead>
          <tbody>
            {shown.map(({ at_s, connection, kind, text }, index) => (
              <tr key={index} class={`entry-${kind}`}>
                <td class="time">{timeText(at_s, 3)}</td>
                <td>{connection ?? ''}</td>
                <td>{kind}</td>
                <td class="text">
                  <bdi>{text}</bdi>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </details>
  );
}

function entriesOf({ wire, marks }: MeetingReport): Entry[] {
  return [...wire, ...marks.map((mark) => ({ ...mark, connection: null }))].sort((a, b) => a.at_s - b.at_s);
}
