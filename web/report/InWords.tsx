/** The lanes once more, as a list: for those who do not look at pictures. */
import { useState } from 'preact/hooks';
import type { MeetingReport } from '../../src/check/report.ts';
import { connectionText } from '../lanes/ConnectionTrack.tsx';
import { runText } from '../lanes/KeptTrack.tsx';
import { nameOf, type Person } from '../lanes/people.ts';
import { spanText } from '../lanes/time.ts';

interface InWordsProps {
  readonly meeting: MeetingReport;
  readonly people: ReadonlyMap<number, Person>;
}

export function InWords({ meeting, people }: InWordsProps) {
  const [isOpen, setOpen] = useState(false);
  return (
    <details class="in-words" onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>The same in words</summary>
      {isOpen && <Words meeting={meeting} people={people} />}
    </details>
  );
}

/** Of a large meeting these are thousands: they are made when somebody reads them. */
function Words({ meeting, people }: InWordsProps) {
  const { lanes, kept, connections } = meeting;
  return (
    <ul>
      {lanes.map(({ participant, unmuted, missing }) => (
        <li key={participant}>
          <bdi>{nameOf(people.get(participant)!)}</bdi> ({participant}):{' '}
          {unmuted.length === 0 ? 'muted all the time' : `unmuted ${spansText(unmuted)}`}
          {missing.length > 0 && `; lost on the way ${spansText(missing)}`}
        </li>
      ))}
      {connections.map((connection) => (
        <li key={connection.number}>
          connection <bdi>{connectionText(connection)}</bdi>
        </li>
      ))}
      {kept?.map(({ file, runs }) => (
        <li key={file}>
          kept in <code>{file}</code>
          <ul>
            {runs.map((run) => (
              <li key={run.at_s}>
                <bdi>{runText(run, people)}</bdi>
              </li>
            ))}
          </ul>
        </li>
      ))}
    </ul>
  );
}

function spansText(spans: readonly { readonly from_s: number; readonly to_s: number }[]): string {
  return spans.map(({ from_s, to_s }) => spanText(from_s, to_s)).join(', ');
}
