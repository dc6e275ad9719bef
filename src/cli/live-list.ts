/**
 * The lines that are drawn while a meeting plays: one per participant, and a progress bar. When a terminal is too small for
 * all, those who talk stay and the others are counted. Prints nothing.
 */
import type { ParticipantStatus } from '../emulator/participant-status.ts';
import type { Session } from '../emulator/session.ts';
import { SAMPLE_RATE } from '../protocol/pcm.ts';
import { cutLabel, label } from './label.ts';
import { cut, pad, widthOf } from './layout.ts';
import type { Screen } from './live.ts';
import { type Colour, colour } from './style.ts';

const BAR_WIDTH = 30;
/** The meter's left end, in dBFS: a noise floor stays dark, speech lights it. */
const METER_FLOOR_DBFS = -60;
/** Louder than this is speech, not a noise floor. */
const SPEECH_DBFS = -45;
/** Whoever pauses for breath is still talking. */
const TALKING_SECONDS = 2;

const COLOURS: Partial<Record<ParticipantStatus['state'], Colour>> = {
  open: 'green',
  connecting: 'yellow',
  retrying: 'yellow',
  reconnecting: 'yellow',
  failed: 'red',
};

/** What is drawn. */
export interface LiveView {
  readonly status: readonly ParticipantStatus[];
  /** Of the meeting. */
  readonly elapsedSeconds: number;
  readonly durationSeconds: number;
}

export function viewOf(session: Session): LiveView {
  return {
    status: session.status(),
    elapsedSeconds: session.elapsedSeconds,
    durationSeconds: session.timeline.durationSamples / SAMPLE_RATE,
  };
}

/** Remembers who has talked, so that the list stays calm. */
export class LiveList {
  /** Meeting seconds at which each participant was last heard. */
  readonly #heardAt = new Map<number, number>();

  lines(view: LiveView, { rows, columns }: Screen): string[] {
    for (const { participant, level } of view.status)
      if (dbfs(level) > SPEECH_DBFS) this.#heardAt.set(participant.id, view.elapsedSeconds);
    // The cursor has the last row, the progress bar the one above it.
    const { shown, hidden } = this.#choose(view, Math.max(1, rows - 2));
    const lines = participantLines(shown, columns);
    if (hidden.length > 0) lines.push(cut(`… and ${counted(hidden)}`, columns));
    return [...lines, progressBar(view, columns)];
  }

  /** Everybody in the meeting's order if there is room; else whoever is unmuted; else whoever talks or is in trouble. */
  #choose(
    { status, elapsedSeconds }: LiveView,
    room: number,
  ): { shown: readonly ParticipantStatus[]; hidden: readonly ParticipantStatus[] } {
    if (status.length <= room) return { shown: status, hidden: [] };
    const talks = ({ participant }: ParticipantStatus): boolean =>
      elapsedSeconds - (this.#heardAt.get(participant.id) ?? Number.NEGATIVE_INFINITY) < TALKING_SECONDS;
    const rank = (each: ParticipantStatus): number => {
      if (each.state === 'muted') return 2;
      // Trouble is worth as much as talk.
      return each.state !== 'open' || talks(each) ? 0 : 1;
    };
    const ranked = [...status].sort((a, b) => rank(a) - rank(b));
    const chosen = new Set(ranked.slice(0, room - 1));
    return {
      shown: status.filter((each) => chosen.has(each)),
      hidden: status.filter((each) => !chosen.has(each)),
    };
  }
}

/** One line for logs, with whoever is unmuted. */
export function plainLine({ status, elapsedSeconds, durationSeconds }: LiveView): string {
  const muted = status.filter(({ state }) => state === 'muted');
  const parts = status
    .filter(({ state }) => state !== 'muted')
    .map(
      ({ participant, state, sent, dropped }) =>
        `${label(participant)} ${state} ${sent} frames${dropped === 0 ? '' : `, ${dropped} dropped`}`,
    );
  if (muted.length > 0) parts.push(counted(muted));
  return `${elapsedSeconds.toFixed(0).padStart(4)}/${durationSeconds.toFixed(0)} s  ${parts.join(' | ')}`;
}

/** `3 unmuted, 18 muted, 40 frames dropped` */
function counted(status: readonly ParticipantStatus[]): string {
  const muted = status.filter(({ state }) => state === 'muted').length;
  const unmuted = status.length - muted;
  const dropped = status.reduce((sum, each) => sum + each.dropped, 0);
  return [
    unmuted === 0 ? '' : `${unmuted} unmuted`,
    muted === 0 ? '' : `${muted} muted`,
    dropped === 0 ? '' : `${dropped} frames dropped`,
  ]
    .filter((part) => part !== '')
    .join(', ');
}

/** A part of a line that always takes the same columns. */
interface Cell {
  readonly width: number;
  show(status: ParticipantStatus): string;
}

const STATE: Cell = {
  width: 12,
  show: ({ state }) => colour(process.stderr, COLOURS[state] ?? 'gray', pad(state, STATE.width)),
};
const METER: Cell = { width: 12, show: ({ level }) => meter(level, METER.width) };
const FRAMES: Cell = {
  width: 12,
  show: ({ sent }) => pad(sent === 1 ? '1 frame' : `${sent} frames`, FRAMES.width, 'right'),
};
const DROPPED: Cell = {
  width: 14,
  show: ({ dropped }) =>
    dropped === 0 ? '' : colour(process.stderr, 'red', pad(`${dropped} dropped`, DROPPED.width).trimEnd()),
};
const FROM_LEFT = [STATE, METER, FRAMES, DROPPED];
/** What a narrow terminal does without, last first. */
const BY_IMPORTANCE = [STATE, DROPPED, FRAMES, METER];
const GAP = '  ';
const MIN_NAME_WIDTH = 8;

function participantLines(status: readonly ParticipantStatus[], columns: number): string[] {
  let room = columns - MIN_NAME_WIDTH;
  const chosen = new Set<Cell>();
  for (const cell of BY_IMPORTANCE) {
    if (cell === DROPPED && status.every(({ dropped }) => dropped === 0)) continue;
    if (room < GAP.length + cell.width) break;
    room -= GAP.length + cell.width;
    chosen.add(cell);
  }
  const cells = FROM_LEFT.filter((cell) => chosen.has(cell));
  const labels = status.map(({ participant }) => label(participant));
  const nameWidth = Math.min(Math.max(...labels.map(widthOf)), MIN_NAME_WIDTH + room);
  return status.map((each, index) =>
    [pad(cutLabel(labels[index]!, nameWidth), nameWidth), ...cells.map((cell) => cell.show(each))]
      .join(GAP)
      .trimEnd(),
  );
}

function progressBar({ elapsedSeconds, durationSeconds }: LiveView, columns: number): string {
  const elapsed = Math.min(elapsedSeconds, durationSeconds);
  const text = `${elapsed.toFixed(1)} / ${durationSeconds.toFixed(1)} s`;
  const width = Math.max(0, Math.min(BAR_WIDTH, columns - text.length - 2));
  const done = durationSeconds === 0 ? width : Math.round((elapsed / durationSeconds) * width);
  return cut(`${'█'.repeat(done)}${'░'.repeat(width - done)}${GAP}${text}`, columns);
}

function meter(level: number, width: number): string {
  const lit = Math.round((1 - dbfs(level) / METER_FLOOR_DBFS) * width);
  const bars = Math.max(0, Math.min(width, lit));
  return `${colour(process.stderr, 'green', '▮'.repeat(bars))}${colour(process.stderr, 'gray', '▯'.repeat(width - bars))}`;
}

function dbfs(level: number): number {
  return level > 0 ? 20 * Math.log10(level) : Number.NEGATIVE_INFINITY;
}
