/** What the receiver's process took while a case was played. */
import type { SampleReport } from '../../src/check/report.ts';
import { timeText } from '../lanes/time.ts';

const MEBIBYTE = 1024 ** 2;

interface Point {
  readonly at: number;
  readonly value: number;
}

interface Figure {
  readonly title: string;
  readonly unit: string;
  readonly valueOf: (sample: SampleReport) => number | null;
}

const FIGURES: readonly Figure[] = [
  { title: 'Memory', unit: ' MiB', valueOf: ({ rss_bytes }) => rss_bytes / MEBIBYTE },
  { title: 'CPU', unit: ' %', valueOf: ({ cpu_percent }) => cpu_percent },
  { title: 'Open files and sockets', unit: '', valueOf: ({ descriptors }) => descriptors },
];

export function ProcessFigures({ samples }: { readonly samples: readonly SampleReport[] }) {
  if (samples.length < 2) return null;
  return (
    <section aria-labelledby="process">
      <h2 id="process">The receiver's process</h2>
      <div class="figures">
        {FIGURES.map((figure) => (
          <Chart key={figure.title} figure={figure} samples={samples} />
        ))}
      </div>
    </section>
  );
}

function Chart({ figure, samples }: { readonly figure: Figure; readonly samples: readonly SampleReport[] }) {
  const points = samples.flatMap((sample) => {
    const value = figure.valueOf(sample);
    return value === null ? [] : [{ at: sample.at_s, value }];
  });
  if (points.length < 2) return null;
  const most = points.reduce((max, { value }) => Math.max(max, value), 0);
  const { unit } = figure;
  return (
    <figure>
      <figcaption>
        <b>{figure.title}</b> {round(points[0]!.value)} → {round(points.at(-1)!.value)}
        {unit}, at most {round(most)}
        {unit} in {timeText(samples.at(-1)!.at_s, 1)}
      </figcaption>
      <svg viewBox="0 0 1000 100" preserveAspectRatio="none" aria-hidden="true">
        {roundsOf(samples).map((at) => (
          <line key={at} x1={xOf(at, samples)} x2={xOf(at, samples)} y1="0" y2="100" />
        ))}
        <polyline points={pathOf(points, most, samples)} />
      </svg>
    </figure>
  );
}

/** From zero up: what grows is not made larger than it is. */
function pathOf(points: readonly Point[], most: number, samples: readonly SampleReport[]): string {
  return points
    .map(({ at, value }) => `${xOf(at, samples)},${(96 - (value / (most || 1)) * 90).toFixed(1)}`)
    .join(' ');
}

function xOf(at: number, samples: readonly SampleReport[]): number {
  const first = samples[0]!.at_s;
  return Math.round(((at - first) / (samples.at(-1)!.at_s - first || 1)) * 1_000);
}

/** Where one round of meetings was over. */
function roundsOf(samples: readonly SampleReport[]): number[] {
  return samples
    .filter(({ rounds_over }, index) => index > 0 && rounds_over > samples[index - 1]!.rounds_over)
    .map(({ at_s }) => at_s);
}

function round(value: number): string {
  return String(Number(value.toFixed(value < 10 ? 1 : 0)));
}
