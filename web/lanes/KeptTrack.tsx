/** What stands in a file that was kept: runs of somebody's audio, zeros, and what nobody sent. */
import { useMemo } from 'preact/hooks';
import type { KeptReport } from '../../src/check/report.ts';
import { nameOf, type Person } from './people.ts';
import { place, spanText } from './time.ts';
import { drawn, isWide, useView } from './view.ts';

export type KeptRun = KeptReport['runs'][number];

/** What words take, and what stands beside them. */
const LETTER_PX = 7;
const PADDING_PX = 10;

interface KeptTrackProps {
  readonly runs: readonly KeptRun[];
  readonly people: ReadonlyMap<number, Person>;
  /** Whose file it is. */
  readonly owner: number | null;
  readonly duration: number;
  readonly onPoint: (run: KeptRun | undefined) => void;
}

export function KeptTrack({ runs, people, owner, duration, onPoint }: KeptTrackProps) {
  const view = useView();
  const isForeign = ({ kind, participant }: KeptRun): boolean =>
    kind === 'sent' && owner !== null && participant !== owner;
  // What is wrong is seen, however small it is.
  const boundsOf = (run: KeptRun) => ({
    from: run.at_s,
    to: run.at_s + run.length_s,
    weight: run.kind === 'unknown' || isForeign(run) ? 1 : 0,
  });
  return (
    <>
      {drawn(runs, view, boundsOf).map((run) => {
        const person = run.participant === null ? undefined : people.get(run.participant);
        const end = run.at_s + run.length_s;
        const label = labelOf(run, person);
        return (
          <div
            key={`${run.at_s} ${run.kind}`}
            class={`run run-${run.kind} ${isForeign(run) ? 'foreign' : ''} ${person?.tone ?? ''} ${isWide(run.at_s, end, view) ? 'wide' : ''}`}
            style={place(run.at_s, end, duration)}
            title={runText(run, people)}
            onPointerEnter={() => onPoint(run)}
            onPointerLeave={() => onPoint(undefined)}
          >
            {label.length * LETTER_PX + PADDING_PX < run.length_s * view.pxPerSecond && <span>{label}</span>}
          </div>
        );
      })}
    </>
  );
}

function labelOf(run: KeptRun, person: Person | undefined): string {
  if (run.kind === 'zeros') return 'silence';
  if (run.kind === 'unknown') return 'unknown';
  return person === undefined ? '' : person.letter;
}

/** `3.1–4.6 s of the file: audio of Ada that was sent at 1.7–3.2 s`. */
export function runText(run: KeptRun, people: ReadonlyMap<number, Person>): string {
  const where = `${spanText(run.at_s, run.at_s + run.length_s)} of the file`;
  if (run.kind === 'zeros') return `${where}: silence`;
  if (run.kind === 'unknown' || run.participant === null) return `${where}: nothing that was sent`;
  const person = people.get(run.participant) ?? { id: run.participant, name: null };
  const from = run.from_s ?? 0;
  return `${where}: ${nameOf(person)}, sent at ${spanText(from, from + run.length_s)}`;
}

interface RibbonsProps {
  readonly runs: readonly KeptRun[];
  readonly owner: Person;
  readonly duration: number;
}

const UNITS = 10_000;
/** Less is how resampled audio is located. */
const IN_PLACE_SECONDS = 0.03;

function isMoved(from: number, at: number): boolean {
  return Math.abs(from - at) > IN_PLACE_SECONDS;
}

function ribbonOf({ from_s, at_s, length_s }: KeptRun) {
  return { from: at_s, to: at_s + length_s, weight: isMoved(from_s ?? 0, at_s) ? 1 : 0 };
}

/** From where audio was sent down to where it stands in its participant's file: upright when all is in its place. */
export function Ribbons({ runs, owner, duration }: RibbonsProps) {
  const x = (seconds: number): number => Math.round((seconds / duration) * UNITS);
  const view = useView();
  const own = useMemo(
    () => runs.filter(({ kind, participant }) => kind === 'sent' && participant === owner.id),
    [runs, owner],
  );
  return (
    <svg
      class={`ribbons ${owner.tone}`}
      viewBox={`0 0 ${UNITS} 10`}
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      {drawn(own, view, ribbonOf).map(({ from_s, at_s, length_s }) => {
        const from = from_s ?? 0;
        const moved = isMoved(from, at_s);
        return (
          <path
            key={at_s}
            class={moved ? 'moved' : undefined}
            d={`M${x(from)} 0H${x(from + length_s)}L${x(at_s + length_s)} 10H${x(at_s)}z`}
          />
        );
      })}
    </svg>
  );
}
