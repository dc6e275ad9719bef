/** What `check` comes to, as one plain object: the CLI's `--json`, and what every other form of the report is made of. */
import { z } from 'zod';
import { diagnosisSchema } from '../emulator/diagnosis.ts';
import { publishedSchema } from '../protocol/json-schema.ts';
import { VERDICTS } from './verdict.ts';

const seconds = z.number();
const span = { from_s: seconds, to_s: seconds };

const laneSchema = z
  .strictObject({
    participant: z.int(),
    name: z.string().nullable(),
    unmuted: z.array(z.strictObject(span)),
    missing: z.array(z.strictObject(span)).describe('Lost on the way: nothing to keep'),
    peaks: z.array(z.int()).describe('Loudest sample of each 20 ms of what was sent, 0 to 100'),
  })
  .describe('What was sent of one participant, on the clock of the meeting');

const wireConnectionSchema = z.strictObject({
  number: z.int(),
  participants: z.array(z.int()).describe('Ids of those whose audio it carried'),
  opened_s: seconds.nullable(),
  closed_s: seconds.nullable(),
  close_code: z.int().nullable(),
  close_reason: z.string().nullable(),
  ended_by: z.enum(['emulator', 'receiver']).nullable(),
  error: z.string().nullable(),
});

const runSchema = z.strictObject({
  kind: z.enum(['sent', 'zeros', 'unknown']),
  participant: z.int().nullable().describe('Whose audio it is'),
  from_s: seconds.nullable().describe('Where it was sent, on the clock of the meeting'),
  at_s: seconds.describe('Where it stands in the file'),
  length_s: seconds,
});

const keptSchema = z
  .strictObject({
    file: z.string(),
    participant: z.int().nullable(),
    layout: z.string().describe('timeline: silence is restored; concatenation: it is left out'),
    runs: z.array(runSchema).describe('What stands in its first channel, in order'),
    audio: z
      .string()
      .optional()
      .describe('WAV in base64; with `keepAudio`, of cases in which something is wrong'),
  })
  .describe('What the receiver kept');

const markSchema = z.strictObject({
  at_s: seconds,
  kind: z.enum(['event', 'fault', 'process', 'probe', 'call', 'close']),
  text: z.string(),
});

const wireLogSchema = z.strictObject({
  at_s: seconds,
  connection: z.int().nullable(),
  kind: z.enum(['open', 'refused', 'message', 'ping', 'received', 'close', 'error']),
  text: z.string(),
});

const meetingSchema = z.strictObject({
  recording_id: z.string(),
  bot_id: z.string(),
  duration_s: seconds,
  speed: z.number(),
  frames: z.strictObject({ scheduled: z.int(), sent: z.int(), dropped: z.int() }).nullable(),
  lanes: z.array(laneSchema),
  connections: z.array(wireConnectionSchema),
  kept: z.array(keptSchema).nullable().describe('null when nobody could look'),
  kept_by: z.string().nullable().describe('The option of the witness that looked: files, tap'),
  marks: z.array(markSchema).describe('What happened at a moment'),
  wire: z.array(wireLogSchema).describe('What went over the wire, the first of it'),
});

const sampleSchema = z.strictObject({
  at_s: seconds.describe('Wall seconds since the case began'),
  rounds_over: z.int().describe('How many rounds of the case were over by then'),
  rss_bytes: z.int(),
  cpu_percent: z.number().nullable().describe('Of one core, since the sample before'),
  descriptors: z.int().nullable().describe('Open files and sockets; null where the system does not tell'),
});

const exitSchema = z
  .strictObject({
    code: z.int().nullable(),
    signal: z.string().nullable(),
    stderr: z.array(z.string()).describe('Its last lines'),
  })
  .nullable()
  .describe('How the process ended while the case was played; null when it did not');

const lineSchema = z.strictObject({
  code: z.string(),
  severity: z.enum(['error', 'warning', 'note']),
  text: z.string(),
  recording_id: z
    .string()
    .nullable()
    .describe('Of the meeting that it is about; null when it is about all of them'),
  participant: z.int().nullable(),
  from_s: seconds.nullable(),
  to_s: seconds.nullable(),
});

const causeSchema = diagnosisSchema.extend({
  cases: z.array(z.string()).describe('The cases in which it shows'),
});

const caseResultSchema = z.strictObject({
  id: z.string(),
  title: z.string(),
  connections: z.enum(['per-participant', 'per-endpoint']),
  verdict: z.enum(VERDICTS),
  known: z.boolean().describe('It fails, and was expected to'),
  headline: z.string().describe('What is wrong, in one line; empty when nothing is'),
  lines: z.array(lineSchema),
  unseen: z.array(z.string()).describe('What no witness could see, and which option would'),
  causes: z.array(z.string()).describe('Codes of causes that were seen in it'),
  diagnoses: z.array(diagnosisSchema),
  expects: z.string(),
  why: z.string(),
  source: z.string(),
  remedy: z.string(),
  duration_s: seconds.describe('How long it took'),
  meetings: z.array(meetingSchema),
  process: z
    .strictObject({
      starts: z.int().describe('How often it had been started by then'),
      samples: z.array(sampleSchema),
      exit: exitSchema,
    })
    .optional()
    .describe('What the receiver and its children took; only when we started it'),
});

/** The `--json` of `check`. */
export const checkReportSchema = z.strictObject({
  ok: z.boolean().describe('No case failed that was not expected to'),
  verdict: z.string(),
  interrupted: z.boolean(),
  url: z.string(),
  seed: z.int(),
  started_at: z.string(),
  duration_s: seconds,
  counts: z.strictObject({
    pass: z.int(),
    fail: z.int(),
    warn: z.int(),
    not_seen: z.int(),
    known: z.int().describe('Failures that were expected; not counted as fail'),
  }),
  keeps: z.enum(['timeline', 'concatenation', 'either', 'mixed']).describe('How silence is kept'),
  fixed: z.array(z.string()).describe('Cases that were expected to fail, and passed'),
  causes: z.array(causeSchema).describe('What is wrong with the receiver, the widest cause first'),
  cases: z.array(caseResultSchema),
});

export type CheckReport = z.infer<typeof checkReportSchema>;
export type CaseResult = z.infer<typeof caseResultSchema>;
export type MeetingReport = z.infer<typeof meetingSchema>;
export type Lane = z.infer<typeof laneSchema>;
export type KeptReport = z.infer<typeof keptSchema>;
export type SampleReport = z.infer<typeof sampleSchema>;
export type ExitReport = z.infer<typeof exitSchema>;
export type Mark = z.infer<typeof markSchema>;
export type WireEntry = z.infer<typeof wireLogSchema>;
export type CauseReport = z.infer<typeof causeSchema>;

/** JSON Schema of the report. */
export function checkReportJsonSchema(): unknown {
  return publishedSchema('check-report', checkReportSchema);
}
