/** The summary of a run: a table per participant and connection, and one verdict line. On stdout. */
import Table from 'cli-table3';
import { DROP_REASONS } from '../emulator/ledger.ts';
import type { PlayReport } from '../emulator/report.ts';
import { label } from './display.ts';
import { colour } from './style.ts';

export function printSummary(report: PlayReport): void {
  const table = new Table({
    head: [
      'participant',
      'connection',
      'opened',
      'closed',
      'frames',
      'dropped',
      'late p50/p99/max',
      'retries',
    ],
    style: { head: [], border: [], compact: true },
  });
  for (const participant of report.participants) {
    const { connections } = participant;
    if (connections.length === 0) table.push([label(participant), 'never unmuted', '', '', 0, '', '', '']);
    for (const [index, connection] of connections.entries()) {
      table.push([
        index === 0 ? label(participant) : '',
        `#${connection.number}`,
        clockTime(connection.opened_s),
        closing(connection),
        `${connection.sent}/${connection.scheduled}`,
        dropped(connection.dropped),
        milliseconds(connection.lateness_ms),
        connection.retries === 0 ? '' : connection.retries,
      ]);
    }
  }
  console.log(table.toString());
  for (const line of connectionErrors(report)) console.log(line);
  console.log(
    `recording ${report.recording_id}, ${report.duration_s} s; lateness p50/p99/max ${milliseconds(report.lateness_ms)}`,
  );
  for (const { received } of report.participants)
    if (received?.file != null) console.log(`wrote ${received.file}`);
  console.log(
    `${report.ok ? colour(process.stdout, 'green', '✔') : colour(process.stdout, 'red', '✘')} ${report.verdict}`,
  );
}

/** One line per connection with an error, however many participants shared it. */
function connectionErrors(report: PlayReport): ReadonlySet<string> {
  const errors = report.participants
    .flatMap(({ connections }) => connections)
    .filter(({ error }) => error !== null)
    .sort((a, b) => a.number - b.number)
    .map(({ number, error }) => `connection #${number}: ${error!.text}`);
  return new Set(errors);
}

function clockTime(secondsIn: number | null): string {
  return secondsIn === null ? 'never' : `${secondsIn.toFixed(2)} s`;
}

function closing(connection: PlayReport['participants'][number]['connections'][number]): string {
  if (connection.closed_s === null) return connection.opened_s === null ? '' : 'open';
  const reason =
    connection.close_reason === null || connection.close_reason === '' ? '' : ` "${connection.close_reason}"`;
  return `${clockTime(connection.closed_s)} (${connection.close_code}${reason})`;
}

function dropped(counts: PlayReport['dropped']): string {
  return DROP_REASONS.filter((reason) => counts[reason] > 0)
    .map((reason) => `${counts[reason]} ${reason}`)
    .join(', ');
}

function milliseconds({ p50, p99, max }: PlayReport['lateness_ms']): string {
  return `${p50.toFixed(1)}/${p99.toFixed(1)}/${max.toFixed(1)} ms`;
}
