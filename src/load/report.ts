/** What a load test comes to: one plain object, the CLI's `--json`. Its schema is published. */
import { z } from 'zod';
import { countedDiagnosisSchema } from '../diagnose/tally.ts';
import { failuresSchema } from '../emulator/failure-tally.ts';
import { publishedSchema } from '../protocol/json-schema.ts';

const count = z.int().nonnegative();
const number = z.number().nonnegative();
const percentiles = z.strictObject({ p50: number, p95: number, p99: number, max: number });

const measuresShape = {
  streams: count.describe('Participants over all bots'),
  bots: count,
  duration_s: number.describe('From the first bot to the last'),
  scheduled: count,
  sent: count,
  injected: count.describe('Messages that faults sent beside the frames'),
  in_doubt: count.describe(
    'Of the sent ones: those that a reset may have destroyed on their way, as the receiver had not answered a last ping',
  ),
  dropped: z.strictObject({
    total: count,
    disconnected: count,
    slow_receiver: count,
    reconnecting: count,
    on_demand: count,
    fault: count,
    endpoint_failed: count,
  }),
  messages_per_s: number.describe('Messages sent in the median second while all bots played'),
  bytes_per_s: number.describe('Bytes written per second, over the whole run'),
  lateness_ms: percentiles.describe(
    'Ours: from the time a frame fell due to the time it was handed to its open socket; frames that waited for a handshake are in connect_ms',
  ),
  connect_ms: percentiles.describe('Theirs: from the dial to the open WebSocket'),
  ping_ms: percentiles.describe('Theirs: from a WebSocket ping to its pong'),
  connections: count,
  retries: count,
  failed_bots: count,
  closes: z.record(z.string(), count).describe('Connections by their close code'),
  blocked_ms: number.describe('Theirs: time during which sockets had no room, summed over connections'),
  max_backlog_bytes: count.describe('Theirs: the largest backlog of a connection'),
  event_loop_delay_ms: percentiles.describe('Ours: how late timers of our threads were'),
  utilization: number.describe('Ours: how busy the busiest thread was in the median second, 0 to 1'),
  workers: count,
  cpu_s: number.describe('Ours: CPU seconds of the process'),
  rss_mb: number.describe('Ours: the largest resident set in MiB'),
};

/** Without the verdict. */
const loadMeasuresSchema = z.strictObject(measuresShape);
export type LoadMeasures = z.infer<typeof loadMeasuresSchema>;

/** One second of a run. */
const secondSchema = z.strictObject({
  at_s: number,
  open_connections: count,
  messages_per_s: number,
  dropped: count,
  lateness_p99_ms: number,
  rss_mb: number,
});
export type LoadSecond = z.infer<typeof secondSchema>;

/** The `--json` output of `load`. */
export const loadReportSchema = z.strictObject({
  ok: z
    .boolean()
    .describe(
      'Every threshold held; without thresholds, nothing was dropped, no bot failed, and this machine kept its times (lateness_ms.p99 of at most 100 ms)',
    ),
  verdict: z.string(),
  bottleneck: z
    .enum(['none', 'sender', 'receiver'])
    .describe('Whose limit it was, this machine or the receiver, as far as can be told'),
  interrupted: z.boolean(),
  ...measuresShape,
  thresholds: z.array(z.strictObject({ name: z.string(), value: z.number(), ok: z.boolean() })),
  failures: failuresSchema,
  diagnoses: z.array(countedDiagnosisSchema).describe('Why it went wrong, each cause once'),
  seconds: z.array(secondSchema),
});
export type LoadReport = z.infer<typeof loadReportSchema>;

/** JSON Schema of the report. */
export function loadReportJsonSchema(): unknown {
  return publishedSchema('load-report', loadReportSchema);
}
