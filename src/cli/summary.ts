/** The summary of a run: a table per participant and connection, what was lost and why, and one verdict line. */
import { DROP_REASONS } from '../emulator/ledger.ts';
import type { PlayReport } from '../emulator/report.ts';
import { plainText } from '../plain-text.ts';
import { countOf } from '../words.ts';
import { diagnosisLines } from './diagnoses.ts';
import { cutLabel, label } from './label.ts';
import { type Column, columnsOf, table, wrap } from './layout.ts';
import { print, printWrapped } from './print.ts';
import { mark } from './style.ts';

type Connection = PlayReport['events']['connections'][number] & {
  /** Of frames only. */
  readonly lateness_ms?: PlayReport['lateness_ms'];
};

/** What has rows of its own: each participant, each camera and screen, and the events of the whole call. */
interface Track {
  readonly name: string;
  readonly noun: 'frame' | 'picture' | 'event';
  readonly connections: readonly Connection[];
}

function tracksOf({ participants, events }: PlayReport): Track[] {
  const tracks = participants.flatMap((each): Track[] => [
    { name: label(each), noun: 'frame', connections: each.connections },
    ...each.video.map(
      ({ type, connections }): Track => ({
        name: `${type} of ${label(each)}`,
        noun: 'picture',
        connections,
      }),
    ),
  ]);
  const { connections } = events;
  return connections.length === 0 ? tracks : [...tracks, { name: 'events', noun: 'event', connections }];
}

/** On stdout. */
export function printSummary(report: PlayReport): void {
  const { stdout } = process;
  for (const line of summaryLines(report, columnsOf(stdout))) print(line);
  printWrapped(`${mark(stdout, report.ok)} ${plainText(report.verdict, Number.POSITIVE_INFINITY)}`);
  for (const line of diagnosisLines(report.diagnoses, columnsOf(stdout))) print(line);
}

/** All but the verdict, none wider than `width` but for file names. */
export function summaryLines(report: PlayReport, width: number): string[] {
  return [
    ...(connectionTable(report, width) ?? connectionList(report, width)),
    ...details(report).flatMap((line) => wrap(line, width)),
    ...wrap(`recording ${report.recording_id}, ${report.duration_s} s`, width),
    ...wrap(`lateness p50/p99/max ${milliseconds(report.lateness_ms)}`, width),
    ...report.participants.flatMap(({ received }) =>
      received?.file == null ? [] : [`wrote ${plainText(received.file, MAX_PATH)}`],
    ),
  ];
}

const MAX_PATH = 4_096;
/** Less than this says too little of a name. */
const MIN_NAME_COLUMNS = 10;

const COLUMNS: readonly Column[] = [
  { head: 'participant', cut: cutLabel },
  { head: '#', align: 'right' },
  { head: 'opened', align: 'right' },
  { head: 'closed', align: 'right' },
  { head: 'code', align: 'right' },
  { head: 'frames', align: 'right' },
  { head: 'late p50/p99/max', align: 'right' },
];

function connectionTable(report: PlayReport, width: number): string[] | undefined {
  const rows = tracksOf(report).flatMap(({ name, connections }) => {
    if (connections.length === 0) return [[name, '', 'muted', '', '', '0']];
    return connections.map((connection, index) => [
      index === 0 ? name : '',
      String(connection.number),
      opening(connection),
      closing(connection),
      String(connection.close_code ?? ''),
      `${connection.sent}/${connection.scheduled}`,
      connection.sent === 0 ? '' : lateness(connection),
    ]);
  });
  return table(COLUMNS, rows, width, MIN_NAME_COLUMNS);
}

/** The same where a table has no room: a few lines for each connection. */
function connectionList(report: PlayReport, width: number): string[] {
  return tracksOf(report).flatMap(({ name, noun, connections }) => [
    ...wrap(name, width),
    ...connections.flatMap((connection) => {
      const late = lateness(connection);
      const code = connection.close_code === null ? '' : ` (${connection.close_code})`;
      return wrap(
        `  #${connection.number}: opened ${opening(connection)}, closed ${closing(connection)}${code}, ${connection.sent}/${connection.scheduled} ${noun}s${late === '' ? '' : `, late ${late}`}`,
        width,
        4,
      );
    }),
    ...(connections.length === 0 ? ['  muted'] : []),
  ]);
}

/** What a row of the table has no room for: losses, injected messages, retries, close reasons and failures. */
function details(report: PlayReport): string[] {
  const losses = tracksOf(report).flatMap(({ name, noun, connections }) =>
    connections
      .filter(({ dropped }) => dropped.total > 0)
      .map(({ number, dropped }) => `connection #${number}: ${name} lost ${reasons(dropped, noun)}`),
  );
  const injections = report.participants.flatMap((participant) =>
    participant.connections
      .filter(({ injected }) => injected > 0)
      .map(
        ({ number, injected }) =>
          `connection #${number}: ${label(participant)} got ${countOf(injected, 'message')} injected by faults`,
      ),
  );
  return [...losses, ...injections, ...connectionFacts(report)];
}

/** One line for connections of which the same is to be said, however many participants share them. */
function connectionFacts(report: PlayReport): string[] {
  const connections = new Map<number, Connection>();
  for (const each of tracksOf(report).flatMap(({ connections }) => connections))
    connections.set(each.number, each);
  const numbersOf = new Map<string, number[]>();
  for (const connection of [...connections.values()].sort((a, b) => a.number - b.number)) {
    const facts = factsOf(connection);
    if (facts !== '') numbersOf.set(facts, [...(numbersOf.get(facts) ?? []), connection.number]);
  }
  return [...numbersOf].map(
    ([facts, numbers]) =>
      `connection${numbers.length === 1 ? '' : 's'} ${numbers.map((number) => `#${number}`).join(', ')}: ${facts}`,
  );
}

function factsOf({ retries, close_reason, error }: Connection): string {
  const reason = plainText(close_reason ?? '');
  return [
    retries === 0 ? '' : `${retries} ${retries === 1 ? 'retry' : 'retries'}`,
    error === null ? '' : plainText(error.text),
    reason === '' || error?.text.includes(reason) === true ? '' : `closed with "${reason}"`,
  ]
    .filter((fact) => fact !== '')
    .join('; ');
}

function opening({ opened_s }: Connection): string {
  return opened_s === null ? 'never' : clockTime(opened_s);
}

function closing({ opened_s, closed_s }: Connection): string {
  if (closed_s !== null) return clockTime(closed_s);
  return opened_s === null ? 'never' : 'open';
}

function clockTime(seconds: number): string {
  return `${seconds.toFixed(2)} s`;
}

/** `10 frames (disconnected), 2 frames (slow_receiver)` */
function reasons(counts: PlayReport['dropped'], noun: Track['noun']): string {
  return DROP_REASONS.filter((reason) => counts[reason] > 0)
    .map((reason) => `${countOf(counts[reason], noun)} (${reason})`)
    .join(', ');
}

function lateness({ lateness_ms }: Connection): string {
  return lateness_ms === undefined ? '' : milliseconds(lateness_ms);
}

function milliseconds({ p50, p99, max }: PlayReport['lateness_ms']): string {
  return `${p50.toFixed(1)}/${p99.toFixed(1)}/${max.toFixed(1)} ms`;
}
