/** What was sent of one participant: the waveform, when they were unmuted, and what was lost on the way. */
import { useContext, useMemo } from 'preact/hooks';
import type { Lane as SentLane } from '../../src/check/report.ts';
import type { Person } from './people.ts';
import { Pointed } from './pointed.ts';
import { place, spanText } from './time.ts';
import { drawn, isWide, useView } from './view.ts';
import { barsIn, type WaveBars } from './wave.ts';

/** A report has lists, a trace arrays of bytes. */
interface SentOf {
  readonly unmuted: readonly Span[];
  readonly missing: readonly Span[];
  readonly peaks: ArrayLike<number>;
}

interface SentTrackProps {
  readonly lane: SentOf;
  readonly person: Person;
  readonly duration: number;
  /** The loudest of the whole meeting, 1 to 100: all lanes are drawn to one scale. */
  readonly loudest: number;
}

type Span = SentLane['unmuted'][number];
const boundsOf = ({ from_s, to_s }: Span) => ({ from: from_s, to: to_s });

export function SentTrack({ lane, person, duration, loudest }: SentTrackProps) {
  const view = useView();
  const bars = useMemo(() => barsIn(lane.peaks, view), [lane, view]);
  return (
    <div class={`sent ${person.tone}`}>
      {drawn(lane.unmuted, view, boundsOf).map(({ from_s, to_s }) => (
        <div
          key={from_s}
          class="unmuted"
          style={place(from_s, to_s, duration)}
          title={`unmuted ${spanText(from_s, to_s)}`}
        />
      ))}
      <Wave bars={bars} loudest={loudest} duration={duration} />
      {drawn(lane.missing, view, boundsOf).map(({ from_s, to_s }) => (
        <div
          key={from_s}
          class={`lost ${isWide(from_s, to_s, view) ? 'wide' : ''}`}
          style={place(from_s, to_s, duration)}
        >
          <span>lost {spanText(from_s, to_s)}</span>
        </div>
      ))}
      <Source person={person} duration={duration} />
    </div>
  );
}

interface WaveProps {
  readonly bars: WaveBars;
  readonly loudest: number;
  readonly duration: number;
}

function Wave({ bars: { peaks, from, secondsEach }, loudest, duration }: WaveProps) {
  const outline = useMemo(() => outlineOf(peaks, loudest), [peaks, loudest]);
  if (peaks.length === 0) return null;
  return (
    <svg
      class="wave"
      style={unclipped(from, from + peaks.length * secondsEach, duration)}
      viewBox={`0 0 ${peaks.length} 200`}
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      <path d={outline} />
    </svg>
  );
}

/** The last bar may stick out of the axis: cut off there, all others would move. */
function unclipped(from: number, to: number, duration: number): { left: string; width: string } {
  return { left: `${(from / duration) * 100}%`, width: `${((to - from) / duration) * 100}%` };
}

/** Bars that mirror at the middle, one a peak. Quiet audio is seen, too; nothing is drawn of silence. */
function outlineOf(peaks: readonly number[], loudest: number): string {
  return peaks
    .map((peak, index) => {
      if (peak === 0) return '';
      const half = Math.max(3, (peak / loudest) * 92);
      return `M${index + 0.1} ${Math.round(100 - half)}h.8v${Math.round(half * 2)}h-.8z`;
    })
    .join('');
}

/** Where that which the pointer is over was sent, if this participant sent it. */
function Source({ person, duration }: Pick<SentTrackProps, 'person' | 'duration'>) {
  const run = useContext(Pointed);
  if (run === undefined || run.participant !== person.id || run.from_s === null) return null;
  return <div class="source" style={place(run.from_s, run.from_s + run.length_s, duration)} />;
}
