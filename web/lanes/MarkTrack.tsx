/** What happened at a moment: a shape for each kind. */
import { useMemo } from 'preact/hooks';
import type { Mark } from '../../src/check/report.ts';
import { percent, timeText } from './time.ts';
import { drawn, useView } from './view.ts';

export const MARK_WORDS: Readonly<Record<Mark['kind'], string>> = {
  event: 'participant event',
  fault: 'fault',
  process: "the receiver's process",
  probe: 'probe',
  call: 'call of the API',
  close: 'close',
};

const SHAPES: Readonly<Record<Mark['kind'], string>> = {
  event: 'M6 2v8',
  fault: 'M7 1L3 7h2.6L5 11l4-6H6.4z',
  process: 'M2 2h8v8H2z',
  probe: 'M6 1l5 5-5 5-5-5z',
  call: 'M6 1.5l5 9H1z',
  close: 'M2 2l8 8M10 2l-8 8',
};

export function MarkShape({ kind }: { readonly kind: Mark['kind'] }) {
  return (
    <svg class={`mark-shape mark-${kind}`} viewBox="0 0 12 12" width="12" height="12" aria-hidden="true">
      <path d={SHAPES[kind]} />
    </svg>
  );
}

export function MarkTrack({
  marks,
  duration,
}: {
  readonly marks: readonly Mark[];
  readonly duration: number;
}) {
  const view = useView();
  const inOrder = useMemo(() => [...marks].sort((a, b) => a.at_s - b.at_s), [marks]);
  // Each at its edge, where it is beyond.
  const at = ({ at_s }: Mark): number => Math.min(Math.max(at_s, 0), duration);
  return (
    <>
      {drawn(inOrder, view, (mark) => ({ from: at(mark), to: at(mark) })).map((mark, index) => (
        <span
          key={index}
          class="mark"
          style={{ left: percent(at(mark), duration) }}
          title={`${timeText(mark.at_s)}: ${mark.text}`}
        >
          <MarkShape kind={mark.kind} />
        </span>
      ))}
    </>
  );
}
