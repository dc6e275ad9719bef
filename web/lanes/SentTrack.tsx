/** What was sent of one participant: the waveform, when they were unmuted, and what was lost on the way. */
import { useMemo } from 'preact/hooks';
import type { Lane as SentLane } from '../../src/check/report.ts';
import type { Person } from './people.ts';
import { place, spanText } from './time.ts';

/** `peaks` are of so many seconds each. */
export const PEAK_SECONDS = 0.02;

interface SentTrackProps {
  readonly lane: SentLane;
  readonly person: Person;
  readonly duration: number;
  /** The loudest of the whole meeting, 1 to 100: all lanes are drawn to one scale. */
  readonly loudest: number;
  readonly highlight: { readonly from: number; readonly to: number } | undefined;
}

export function SentTrack({ lane, person, duration, loudest, highlight }: SentTrackProps) {
  const length = lane.peaks.length * PEAK_SECONDS;
  const bars = useMemo(() => thinned(lane.peaks), [lane]);
  const wave = useMemo(() => outline(bars, loudest), [bars, loudest]);
  return (
    <div class={`sent ${person.tone}`}>
      {lane.unmuted.map(({ from_s, to_s }) => (
        <div
          key={from_s}
          class="unmuted"
          style={place(from_s, to_s, duration)}
          title={`unmuted ${spanText(from_s, to_s)}`}
        />
      ))}
      {lane.peaks.length > 0 && (
        <svg
          class="wave"
          style={place(0, length, duration)}
          viewBox={`0 0 ${bars.length} 200`}
          preserveAspectRatio="none"
          aria-hidden="true"
        >
          <path d={wave} />
        </svg>
      )}
      {lane.missing.map(({ from_s, to_s }) => (
        <div key={from_s} class="lost" style={place(from_s, to_s, duration)}>
          <span>lost {spanText(from_s, to_s)}</span>
        </div>
      ))}
      {highlight !== undefined && (
        <div class="source" style={place(highlight.from, highlight.to, duration)} />
      )}
    </div>
  );
}

/** More bars than a wide screen has pixels, zoomed in a little. */
const MAX_BARS = 2_000;

/** As many as can be seen: of several peaks the loudest. */
function thinned(peaks: readonly number[]): readonly number[] {
  const each = Math.ceil(peaks.length / MAX_BARS);
  if (each <= 1) return peaks;
  return Array.from({ length: Math.ceil(peaks.length / each) }, (_, index) =>
    peaks.slice(index * each, (index + 1) * each).reduce((most, peak) => Math.max(most, peak), 0),
  );
}

/** Bars that mirror at the middle, one a peak. Quiet audio is seen, too; nothing is drawn of silence. */
function outline(peaks: readonly number[], loudest: number): string {
  return peaks
    .map((peak, index) => {
      if (peak === 0) return '';
      const half = Math.max(3, (peak / loudest) * 92);
      return `M${index + 0.1} ${Math.round(100 - half)}h.8v${Math.round(half * 2)}h-.8z`;
    })
    .join('');
}
