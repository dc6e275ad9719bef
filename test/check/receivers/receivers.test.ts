/** The receivers that `check` is tried at: the right ones survive everything, and every mistake of the others can be seen. */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { startServer } from '../../../examples/node-receiver/src/server.ts';
import { withFolder } from '../../support/cli.ts';
import { until, within } from '../../support/until.ts';
import { judgeFiles, MUCH, PLAYS, type Play, type PlayName, playAt, textsOf } from './plays.ts';
import { type Language, PYTHON, type StartedReceiver, startTestReceiver } from './start.ts';

/** Everything that is wrong after a play, in words. */
function seen(language: Language, play: Play, mistake?: string): Promise<string[]> {
  return withFolder(async (out) => {
    await using receiver = await startTestReceiver(language, out, mistake);
    const wrong = await playAt(receiver.url, play);
    const code = await receiver.stop();
    return [...(code === 0 ? [] : [`exited with ${code}`]), ...wrong, ...(await judgeFiles(out, play))];
  });
}

/** A mistake, the play in which it shows, and what is seen of it. */
type Mistake = readonly [name: string, play: PlayName, sign: RegExp];

/** The receiver ends what is not over. Whether its close is seen or what it no longer takes is a matter of moments. */
const CUT_OFF = /: (closed_by_receiver|\d+ messages not taken)$/;

/** What both languages have, and show in the same way. */
const COMMON: readonly Mistake[] = [
  ['keyed_by_name', 'apart', /^foreign: .* of participant 301 in participant 300's file/],
  ['closes_all', 'apart', /^(truncated|missing): /],
  ['ignores_gaps', 'apart', /^silence_not_restored: the 0\.507 s of silence at 1\.013 s are not restored/],
  ['ignores_gaps', 'shared', /^silence_not_restored: the 0\.507 s of silence at 1\.013 s are not restored/],
  ['assumes_100ms', 'frames', /^silence_inserted: /],
  ['truncates_on_reconnect', 'apart', /^truncated: only what came after the last unmute/],
  ['drops_quiet_audio', 'shared', /^no_file: no file of Ada/],
];

const MISTAKES: Readonly<Record<Language, readonly Mistake[]>> = {
  node: [
    ...COMMON,
    ['ids_as_strings', 'shared', /^no_file: no file of a\/b/],
    ['null_names', 'apart', /^exited with 1$/],
    ['one_connection', 'apart', /^connection 2: upgrade_status$/],
    ['newest_wins', 'apart', CUT_OFF],
    ['mute_ends_meeting', 'apart', /: upgrade_status$/],
    ['no_restart', 'shared', CUT_OFF],
    ['one_speaker_per_connection', 'shared', /^interleaved: /],
    ['forgets_recording', 'two bots', /^no_file: no file of Ada/],
    ['by_arrival', 'shared', /^(silence_length|damaged|missing): /],
    ['appends_repeats', 'repeats', /^twice: /],
    ['drops_late_audio', 'wrong order', /^missing: /],
    ['drops_short_frames', 'frames', /^missing: /],
    ['swaps_bytes', 'shared', /^byte_swapped: /],
    ['files_by_name', 'shared', /^exited with 1$/],
    ['strict_fields', 'other fields', /^no_file: no file of Ada/],
    ['crash_on_unknown_event', 'other events', /^exited with 1$/],
    ['crash_on_bad_json', 'not valid', /^exited with 1$/],
    ['crash_on_missing_field', 'not valid', /^exited with 1$/],
    ['mixed_is_separate', 'other events', /^exited with 1$/],
    ['closes_on_bad_message', 'not valid', CUT_OFF],
    ['small_messages', 'frames', CUT_OFF],
    ['expects_binary', 'apart', CUT_OFF],
  ],
  python: [
    ...COMMON,
    ['ids_as_strings', 'apart', /^truncated: only what came after the last unmute/],
    ['null_names', 'apart', /^no_file: no file of participant 300/],
    ['ids_in_32_bits', 'shared', /^no_file: no file of a\/b/],
    ['crash_on_unknown_event', 'other events', /^no_file: no file of Ada/],
    ['crash_on_bad_json', 'not valid', /^no_file: no file of Ada/],
  ],
};

/** Waits for a pong that comes so late, while messages are read. */
async function latePong(url: string, lateMs: number): Promise<void> {
  const webSocket = new WebSocket(url);
  try {
    await within(once(webSocket, 'open'), 'the receiver to let us in');
    for (const text of textsOf(PLAYS.repeats)) webSocket.send(text);
    await until(async () => {
      const sentMs = performance.now();
      webSocket.ping();
      await once(webSocket, 'pong');
      return performance.now() - sentMs >= lateMs;
    }, `a pong that takes ${lateMs} ms`);
  } finally {
    webSocket.terminate();
  }
}

it('the example in TypeScript keeps everything, whatever comes', () =>
  withFolder(async (out) => {
    const server = await startServer(out);
    const all = Object.values(PLAYS).flat();
    const wrong = await playAt(server.url, all);
    await server.close();
    expect([...wrong, ...(await judgeFiles(out, all))]).toEqual([]);
  }));

/** Bytes of memory, as Linux counts them. */
function residentBytes({ pid }: StartedReceiver): number {
  return 1_024 * Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]);
}

const LANGUAGES = [
  { language: 'node', isHere: true },
  { language: 'python', isHere: PYTHON !== undefined },
] as const;

for (const { language, isHere } of LANGUAGES) {
  // Debian: apt-get install python3-websockets.
  describe.skipIf(!isHere)(`the receivers in ${language}`, () => {
    it('keep everything, whatever comes, when they are right', async () => {
      const all = Object.values(PLAYS).flat();
      expect(await seen(language, all)).toEqual([]);
    });

    it.each(MISTAKES[language])(
      'are seen to have the mistake %s in the play "%s"',
      async (mistake, name, sign) => {
        expect(await seen(language, PLAYS[name], mistake)).toContainEqual(expect.stringMatching(sign));
      },
    );

    it('answer late when they block', () =>
      withFolder(async (out) => {
        await using receiver = await startTestReceiver(language, out, 'blocks');
        await latePong(receiver.url, 400);
      }));

    it.skipIf(process.platform !== 'linux')('hold in memory what they should not when they grow', () =>
      withFolder(async (out) => {
        const grown: number[] = [];
        for (const mistake of [undefined, 'grows']) {
          await using receiver = await startTestReceiver(language, out, mistake);
          const before = residentBytes(receiver);
          await playAt(receiver.url, MUCH);
          grown.push(residentBytes(receiver) - before);
        }
        // All messages are 52 MB.
        expect(grown[1]! - grown[0]!).toBeGreaterThan(50_000_000);
      }),
    );
  });
}
