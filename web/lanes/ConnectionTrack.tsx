/** Connections as bars from their opening to their end, which says who ended it and how; dials that failed stand before them. */
import { Fragment } from 'preact';
import type { MeetingReport } from '../../src/check/report.ts';
import { percent, place, spanText, timeText } from './time.ts';
import { drawn, isWide, useView, type View } from './view.ts';

export type Connection = MeetingReport['connections'][number];

/** A dial that failed. */
interface Refusal {
  readonly at: number;
  readonly text: string;
}

/** A connection with the dials before it. */
export interface ConnectionBar {
  /** From the first dial on that is known of. */
  readonly from: number;
  readonly to: number;
  readonly connection: Connection;
  readonly refusals: readonly Refusal[];
}

/** Those of which it is known when they were dialled, refused or open. */
export function barsOf(
  connections: readonly Connection[],
  wire: MeetingReport['wire'],
  duration: number,
): ConnectionBar[] {
  return connections.flatMap((connection) => {
    const { number, opened_s, closed_s } = connection;
    const refusals = wire
      .filter((entry) => entry.kind === 'refused' && entry.connection === number)
      .map(({ at_s, text }) => ({ at: at_s, text }));
    const times = refusals.map(({ at }) => at);
    if (opened_s !== null) times.push(opened_s, closed_s ?? duration);
    if (times.length === 0) return [];
    return [{ from: Math.min(...times), to: Math.max(...times), connection, refusals }];
  });
}

interface ConnectionTrackProps {
  readonly bars: readonly ConnectionBar[];
  /** Seconds that the axis spans. */
  readonly duration: number;
  /** Where the meeting is, while it goes on: what is open goes as far. */
  readonly now?: number;
}

export function ConnectionTrack({ bars, duration, now = duration }: ConnectionTrackProps) {
  const view = useView();
  return <>{drawn(bars, view, (bar) => bar).map((bar) => connectionOf(bar, duration, now, view))}</>;
}

/** A shorter bar has no room for its number, or for how it ended, which its colour and its title tell. */
const MIN_NAME_PX = 24;
const MIN_END_PX = 64;

function connectionOf(
  { from, to, connection, refusals }: ConnectionBar,
  duration: number,
  now: number,
  view: View,
) {
  const { number, opened_s, closed_s } = connection;
  const end = closed_s ?? now;
  const px = (end - (opened_s ?? end)) * view.pxPerSecond;
  return (
    <Fragment key={number}>
      {refusals.length > 0 && <div class="dialling" style={place(from, opened_s ?? to, duration)} />}
      {opened_s !== null && (
        <div
          class={`connection ${endOf(connection)} ${isWide(opened_s, end, view) ? 'wide' : ''}`}
          style={place(opened_s, end, duration)}
          title={connectionText(connection)}
        >
          {px > MIN_NAME_PX && <span class="connection-name">#{number}</span>}
          {px > MIN_END_PX && <span class="connection-end">{endText(connection)}</span>}
        </div>
      )}
      {refusals.map(({ at, text }) => (
        <span
          key={at}
          class="refused"
          style={{ left: percent(Math.min(at, duration), duration) }}
          title={`#${number} refused at ${timeText(at)}: ${text}`}
        >
          ✕
        </span>
      ))}
    </Fragment>
  );
}

function endOf({ closed_s, ended_by, close_code }: Connection): string {
  if (closed_s === null) return 'stays-open';
  if (ended_by === 'receiver') return 'ended-by-receiver';
  return close_code === 1000 ? 'ended' : 'ended-by-us';
}

function endText(connection: Connection): string {
  const { closed_s, close_code, ended_by } = connection;
  if (closed_s === null) return 'open';
  const code = close_code ?? 1006;
  return ended_by === 'receiver' ? `✕ ${code} by the receiver` : String(code);
}

/** `#2, open 0.7–3.0 s, ended by the receiver with 1011 (oops)`. */
export function connectionText(connection: Connection): string {
  const { number, opened_s, closed_s, close_code, close_reason, ended_by, error } = connection;
  const open =
    opened_s === null
      ? ''
      : closed_s === null
        ? `, open from ${timeText(opened_s)} on`
        : `, open ${spanText(opened_s, closed_s)}`;
  const who = ended_by === 'receiver' ? 'the receiver' : 'the emulator';
  const reason = close_reason === null || close_reason === '' ? '' : ` (${close_reason})`;
  const end =
    closed_s === null && close_code === null
      ? ''
      : `, ended by ${who} with ${close_code ?? '1006: no close frame'}${reason}`;
  return `#${number}${open}${end}${error === null ? '' : `. ${error}`}`;
}
