/** What stands in a file that was kept: runs of somebody's audio, zeros, and what nobody sent. */
import type { KeptReport } from '../../src/check/report.ts';
import { nameOf, type Person } from './people.ts';
import { place, spanText } from './time.ts';

export type KeptRun = KeptReport['runs'][number];

interface KeptTrackProps {
  readonly runs: readonly KeptRun[];
  readonly people: ReadonlyMap<number, Person>;
  /** Whose file it is. */
  readonly owner: number | null;
  readonly duration: number;
  readonly onPoint: (run: KeptRun | undefined) => void;
}

export function KeptTrack({ runs, people, owner, duration, onPoint }: KeptTrackProps) {
  return (
    <>
      {runs.map((run) => {
        const person = run.participant === null ? undefined : people.get(run.participant);
        const foreign = run.kind === 'sent' && owner !== null && run.participant !== owner;
        return (
          <div
            key={`${run.at_s} ${run.kind}`}
            class={`run run-${run.kind} ${foreign ? 'foreign' : ''} ${person?.tone ?? ''}`}
            style={place(run.at_s, run.at_s + run.length_s, duration)}
            title={runText(run, people)}
            onPointerEnter={() => onPoint(run)}
            onPointerLeave={() => onPoint(undefined)}
          >
            <span>{labelOf(run, person)}</span>
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

/** From where audio was sent down to where it stands in its participant's file: upright when all is in its place. */
export function Ribbons({ runs, owner, duration }: RibbonsProps) {
  const x = (seconds: number): number => Math.round((seconds / duration) * UNITS);
  const own = runs.filter(({ kind, participant }) => kind === 'sent' && participant === owner.id);
  return (
    <svg
      class={`ribbons ${owner.tone}`}
      viewBox={`0 0 ${UNITS} 10`}
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      {own.map(({ from_s, at_s, length_s }) => {
        const from = from_s ?? 0;
        const moved = Math.abs(from - at_s) > IN_PLACE_SECONDS;
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
