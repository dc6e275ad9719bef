/** A report of `check` in which there is one of everything that a page can draw, and names that are not meant well. */
import type { CaseResult, CheckReport, MeetingReport } from '../../src/check/report.ts';

/** What somebody may call themselves who wants to be more than a name. */
export const HOSTILE_NAME =
  '</script><script>globalThis.hacked = 1</script><img src=x onerror="hacked = 1"><!--';
const TURNED_NAME = '\u202egnp.exe';

const MEETING: MeetingReport = {
  recording_id: '7c356b39-6c81-4038-8c43-f136b6d4211f',
  bot_id: 'f7f81a68-0e3b-4d83-95f9-ffa8169abb00',
  duration_s: 3,
  speed: 8,
  frames: { scheduled: 50, sent: 45, dropped: 5 },
  lanes: [
    laneOf(100, HOSTILE_NAME, { unmuted: [{ from_s: 0, to_s: 2.5 }], missing: [{ from_s: 1, to_s: 1.5 }] }),
    laneOf(200, TURNED_NAME, { unmuted: [{ from_s: 0.7, to_s: 3 }] }),
    laneOf(2_147_483_647, null, { unmuted: [] }),
  ],
  connections: [
    connectionOf(1, [100], {
      closed_s: 1.2,
      close_code: 1011,
      close_reason: '<b>oops</b>',
      ended_by: 'receiver',
    }),
    connectionOf(2, [200], { opened_s: 0.9 }),
    connectionOf(3, [100], { opened_s: null, error: 'HTTP 503' }),
  ],
  kept: [
    {
      file: `out/${HOSTILE_NAME}/100.wav`,
      participant: 100,
      layout: 'timeline',
      runs: [
        { kind: 'sent', participant: 100, from_s: 0, at_s: 0, length_s: 1 },
        { kind: 'zeros', participant: null, from_s: null, at_s: 1, length_s: 0.5 },
        { kind: 'sent', participant: 200, from_s: 0.8, at_s: 1.5, length_s: 0.5 },
        { kind: 'sent', participant: 100, from_s: 1.5, at_s: 2, length_s: 1 },
        { kind: 'unknown', participant: null, from_s: null, at_s: 3, length_s: 0.4 },
      ],
      audio: silentWav(80_000),
    },
    { file: 'out/other.wav', participant: null, layout: 'either', runs: [] },
  ],
  kept_by: 'files',
  marks: (['event', 'fault', 'process', 'probe', 'call', 'close'] as const).map((kind, index) => ({
    at_s: index / 2,
    kind,
    text: `${kind} <i>happened</i>`,
  })),
  wire: [
    { at_s: 0, connection: 1, kind: 'open', text: '101 Switching Protocols' },
    { at_s: 0.5, connection: 1, kind: 'received', text: HOSTILE_NAME },
    { at_s: 1.2, connection: 1, kind: 'close', text: '1011 <b>oops</b>, by the receiver' },
    { at_s: 1.4, connection: 3, kind: 'refused', text: 'HTTP 503' },
  ],
};

const CAUSE = {
  code: 'keyed_by_name',
  certainty: 'likely' as const,
  text: `The receiver keys audio by name: ${HOSTILE_NAME}`,
  evidence: ['0.5 s of 200 in the file of 100', `the name is ${TURNED_NAME}`],
  remedy: 'Key by `data.data.participant.id`, or play with `connections: per-endpoint`.',
};

const FAILED: CaseResult = {
  id: 'names.hostile',
  title: 'two people with names',
  connections: 'per-participant',
  verdict: 'fail',
  known: false,
  headline: CAUSE.text,
  lines: [
    lineOf('error', 'foreign', `0.5 s of ${HOSTILE_NAME} at 1.5 s`, [1.5, 2]),
    lineOf('warning', 'level', '3 dB too quiet', [2, 2.5]),
    lineOf('note', 'layout', 'silence is restored'),
  ],
  unseen: [],
  causes: [CAUSE.code],
  diagnoses: [CAUSE],
  expects: 'Each of them has audio of their own.',
  why: 'Names are what people type.',
  source: 'Recall, "Meeting Participants & Events", 2025-06',
  remedy: 'Key by `data.data.participant.id`.',
  duration_s: 1.2,
  meetings: [MEETING],
};

const PASSED: CaseResult = {
  ...FAILED,
  id: 'basic.one_speaker',
  title: 'one person speaks',
  verdict: 'pass',
  headline: '',
  lines: [],
  causes: [],
  diagnoses: [],
};

const CASES: readonly CaseResult[] = [
  PASSED,
  { ...PASSED, connections: 'per-endpoint' },
  FAILED,
  { ...PASSED, id: FAILED.id, title: FAILED.title, connections: 'per-endpoint' },
  { ...FAILED, id: 'frames.short', verdict: 'warn', headline: 'it is quieter' },
  { ...PASSED, id: 'mute.unseen', verdict: 'not_seen', unseen: ['what the receiver kept: give `files`'] },
  { ...FAILED, id: 'robust.known', known: true, connections: 'per-endpoint' },
];

export const CHECK_REPORT: CheckReport = {
  ok: false,
  verdict: `1 of 7 failed. ${CAUSE.text}`,
  interrupted: false,
  url: 'ws://127.0.0.1:4000/audio/',
  seed: 7,
  started_at: '2026-11-28T18:00:00.000Z',
  duration_s: 12.3,
  counts: { pass: 3, fail: 1, warn: 1, not_seen: 1, known: 1 },
  keeps: 'timeline',
  fixed: ['mute.short'],
  causes: [{ ...CAUSE, cases: [FAILED.id] }],
  cases: [...CASES],
};

type Lane = MeetingReport['lanes'][number];

function laneOf(
  participant: number,
  name: string | null,
  { unmuted, missing = [] }: { unmuted: Lane['unmuted']; missing?: Lane['missing'] },
): Lane {
  return {
    participant,
    name,
    unmuted,
    missing,
    peaks: Array.from({ length: 150 }, (_, at) => (at * 7) % 60),
  };
}

type Connection = MeetingReport['connections'][number];

function connectionOf(number: number, participants: number[], rest: Partial<Connection>): Connection {
  return {
    number,
    participants,
    opened_s: 0,
    closed_s: null,
    close_code: null,
    close_reason: null,
    ended_by: null,
    error: null,
    ...rest,
  };
}

function lineOf(
  severity: CaseResult['lines'][number]['severity'],
  code: string,
  text: string,
  [from_s, to_s]: readonly [number | null, number | null] = [null, null],
): CaseResult['lines'][number] {
  return { code, severity, text, recording_id: MEETING.recording_id, participant: 100, from_s, to_s };
}

/** Base64 of a mono WAV at 16 kHz. */
function silentWav(samples: number): string {
  const wav = Buffer.alloc(44 + samples * 2);
  wav.write('RIFF', 0, 'latin1');
  wav.writeUInt32LE(wav.length - 8, 4);
  wav.write('WAVEfmt ', 8, 'latin1');
  wav.writeUInt32LE(16, 16);
  wav.writeUInt16LE(1, 20);
  wav.writeUInt16LE(1, 22);
  wav.writeUInt32LE(16_000, 24);
  wav.writeUInt32LE(32_000, 28);
  wav.writeUInt16LE(2, 32);
  wav.writeUInt16LE(16, 34);
  wav.write('data', 36, 'latin1');
  wav.writeUInt32LE(samples * 2, 40);
  return wav.toString('base64');
}
