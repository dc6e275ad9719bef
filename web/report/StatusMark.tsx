/** A verdict as a sign: a shape of its own for each, so that colour is never needed. */
import { STATUS_WORDS, type Status } from './words.ts';

const SHAPES: Readonly<Record<Status, string>> = {
  pass: 'M5 8.4l2 2 4-4.6',
  fail: 'M5.6 5.6l4.8 4.8M10.4 5.6l-4.8 4.8',
  warn: 'M8 6.2v3M8 11.1v.1',
  not_seen: 'M6.4 6.5a1.6 1.6 0 1 1 2.3 1.5c-.5.3-.7.6-.7 1.1M8 11.1v.1',
  known: 'M5.5 8h5',
};

const FRAMES: Readonly<Record<Status, string>> = {
  pass: 'M8 1a7 7 0 1 0 0 14A7 7 0 1 0 8 1z',
  fail: 'M3 1.5h10A1.5 1.5 0 0 1 14.5 3v10a1.5 1.5 0 0 1-1.5 1.5H3A1.5 1.5 0 0 1 1.5 13V3A1.5 1.5 0 0 1 3 1.5z',
  warn: 'M8 1.4c.5 0 .9.3 1.1.7l5.6 10.4c.5.9-.2 2-1.1 2H2.4c-1 0-1.600-1.100-1.100-2L6.900 2.100c.2-.4.6-.7 1.100-.7z',
  not_seen: 'M8 1a7 7 0 1 0 0 14A7 7 0 1 0 8 1z',
  known: 'M8 .9L15.100 8 8 15.100.9 8z',
};

interface StatusMarkProps {
  readonly status: Status;
  readonly size?: number;
  /** Said beside it already. */
  readonly silent?: boolean;
}

export function StatusMark({ status, size = 16, silent = false }: StatusMarkProps) {
  const said = silent ? ({ 'aria-hidden': true } as const) : { 'aria-label': STATUS_WORDS[status] };
  return (
    // biome-ignore lint/a11y/noSvgWithoutTitle: its label says it, and it is left out where the words stand beside it.
    <svg
      class={`status status-${status}`}
      viewBox="0 0 16 16"
      width={size}
      height={size}
      role="img"
      {...said}
    >
      <path class="frame" d={FRAMES[status]} />
      <path class="sign" d={SHAPES[status]} />
    </svg>
  );
}
