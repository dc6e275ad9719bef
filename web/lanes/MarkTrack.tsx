/** What happened at a moment: a shape for each kind. */
import type { Mark } from '../../src/check/report.ts';
import { percent, timeText } from './time.ts';

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
  return (
    <>
      {marks.map(({ at_s, kind, text }, index) => (
        <span
          key={index}
          class="mark"
          style={{ left: percent(Math.min(Math.max(at_s, 0), duration), duration) }}
          title={`${timeText(at_s)}: ${text}`}
        >
          <MarkShape kind={kind} />
        </span>
      ))}
    </>
  );
}
