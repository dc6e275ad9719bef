/** What the signs of a timeline mean; only those that are in it. */
import type { MeetingReport } from '../../src/check/report.ts';
import { MARK_WORDS, MarkShape } from '../lanes/MarkTrack.tsx';

export function Legend({ meeting }: { readonly meeting: MeetingReport }) {
  const { lanes, kept, marks, connections, wire } = meeting;
  const runs = (kept ?? []).flatMap((file) => file.runs);
  const kinds = [...new Set(marks.map(({ kind }) => kind))];
  const samples: readonly (readonly [shown: boolean, kind: string, text: string])[] = [
    [lanes.some(({ unmuted }) => unmuted.length > 0), 'unmuted', 'unmuted, with what was sent'],
    [lanes.some(({ missing }) => missing.length > 0), 'lost', 'lost on the way'],
    [connections.length > 0, 'connection ended', 'connection'],
    [wire.some(({ kind }) => kind === 'refused'), 'refused', 'a dial that was refused'],
    [runs.some(({ kind }) => kind === 'sent'), 'run run-sent', 'kept: audio that was sent'],
    [runs.some(({ kind }) => kind === 'zeros'), 'run run-zeros', 'kept: silence'],
    [runs.some(({ kind }) => kind === 'unknown'), 'run run-unknown', 'kept: nothing that was sent'],
  ];
  return (
    <ul class="legend" aria-label="Legend">
      {samples.map(
        ([shown, kind, text]) =>
          shown && (
            <li key={kind}>
              <i class={`swatch ${kind}`}>{kind === 'refused' && '✕'}</i>
              {text}
            </li>
          ),
      )}
      {kinds.map((kind) => (
        <li key={kind}>
          <MarkShape kind={kind} />
          {MARK_WORDS[kind]}
        </li>
      ))}
    </ul>
  );
}
