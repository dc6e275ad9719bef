/** A running load test as Prometheus text, on a port of this machine. */
import { createServer, type Server } from 'node:http';
import { UsageError } from '../errors.ts';
import type { LoadSecond } from './report.ts';
import type { LoadTotals } from './settings.ts';

export interface MetricsServer {
  readonly url: string;
  update(second: LoadSecond, totals: LoadTotals): void;
  close(): Promise<void>;
}

type Metric = readonly [name: string, type: 'gauge' | 'counter', help: string, value: number];

/** Serves `/metrics` on 127.0.0.1. Rejects with a `UsageError` (`metrics_port`) when the port is not to be had. */
export async function startMetrics(port: number): Promise<MetricsServer> {
  let text = '';
  const server: Server = createServer((request, response) => {
    const found = request.url === '/metrics';
    response.writeHead(found ? 200 : 404, { 'Content-Type': 'text/plain; version=0.0.4; charset=utf-8' });
    response.end(found ? text : 'It is at /metrics.\n');
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const why = cause.code === 'EADDRINUSE' ? 'another program has it' : cause.code;
      reject(
        new UsageError('metrics_port', `Metrics cannot be served on port ${port} of 127.0.0.1: ${why}.`, {
          hint: 'Choose another with `metricsPort`; 0 is any free one.',
          cause,
        }),
      );
    });
    server.listen(port, '127.0.0.1', resolve);
  });
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : port}/metrics`,
    update(second, totals) {
      const metrics: readonly Metric[] = [
        ['streams', 'gauge', 'Participants over all bots', totals.streams],
        ['open_connections', 'gauge', 'Open WebSockets', totals.openConnections],
        ['frames_scheduled_total', 'counter', 'Frames that fell due', totals.scheduled],
        ['frames_sent_total', 'counter', 'Frames handed to the operating system', totals.sent],
        ['frames_dropped_total', 'counter', 'Frames that were not sent', totals.dropped],
        ['bytes_written_total', 'counter', 'Bytes of WebSocket frames', totals.bytes],
        ['failed_bots', 'gauge', 'Bots whose endpoint has failed', totals.failedBots],
        ['messages_per_second', 'gauge', 'Messages in the last second', second.messages_per_s],
        ['lateness_p99_milliseconds', 'gauge', 'Lateness of the last second', second.lateness_p99_ms],
        ['resident_memory_bytes', 'gauge', 'Resident set', second.rss_mb * 1024 * 1024],
      ];
      text = metrics
        .map(
          ([name, type, help, value]) =>
            `# HELP recall_emulator_${name} ${help}\n# TYPE recall_emulator_${name} ${type}\nrecall_emulator_${name} ${value}\n`,
        )
        .join('');
    },
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
