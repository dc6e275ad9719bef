/** The compiled command line as users meet it: started, called by real clients, interrupted, killed. */
import { execFile, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { startReceiver } from '../../src/receiver/receiver.ts';
import { runCli, startCli, startShell, withFolder } from '../support/cli.ts';
import { withHooks } from '../support/mock.ts';
import { until, within } from '../support/until.ts';

const run = promisify(execFile);
/** For a program that hangs: it is killed, and what it printed is in the error. */
const BOUND = { timeout: 60_000 };
const has = (command: string): boolean => spawnSync(command, ['--version']).status === 0;
const DELAYS = [
  'joining_call',
  'in_waiting_room',
  'in_call_not_recording',
  'recording_permission',
  'done',
].flatMap((status) => ['--delay', `${status}=0`]);

async function withServe<T>(
  args: readonly string[],
  use: (url: string, cli: ReturnType<typeof startCli>) => Promise<T>,
): Promise<T> {
  const cli = startCli('serve', '--port', '0', ...args);
  try {
    const url = await cli.printed(/http:\/\/127\.0\.0\.1:\d+/);
    return await use(url, cli);
  } finally {
    cli.process.kill('SIGKILL');
    await cli.ended;
  }
}

/** Raw audio that a receiver got, by participant. */
function listening() {
  const audio = new Map<number, Buffer[]>();
  const started = startReceiver({
    onEvent: (event) => {
      if (event.event !== 'audio_separate_raw.data') return;
      const { participant, buffer } = event.data.data;
      audio.set(participant.id, [...(audio.get(participant.id) ?? []), Buffer.from(buffer, 'base64')]);
    },
  });
  return { started, received: (id: number) => Buffer.concat(audio.get(id) ?? []) };
}

// biome-ignore lint/suspicious/noExplicitAny: answers are looked into by tests, whose assertions are the types
async function get(url: string, path: string, key = 'node'): Promise<any> {
  const response = await fetch(`${url}${path}`, { headers: { Authorization: `Token ${key}` } });
  return response.json();
}

const TALK = `
participants: [{ id: 100, name: Ada }]
timeline:
  - { at: 0, participant: 100, action: unmute }
  - { at: 0, participant: 100, action: speak, duration: 10m, text: Hello there. }
`;

function talkFile(dir: string): string {
  const file = join(dir, 'talk.yaml');
  writeFileSync(file, TALK);
  return file;
}

describe('serve', () => {
  it.skipIf(!has('python3'))(
    'is used by a Python client, whose download equals what the receiver got',
    async () => {
      const { started, received } = listening();
      const receiver = await started;
      await withFolder(async (dir) => {
        await withServe([...DELAYS, '--scenario', talkFile(dir)], async (url) => {
          const { stdout } = await run('python3', ['test/support/client.py', url, receiver.url], BOUND);
          const result = JSON.parse(stdout);
          expect(result.sub_code).toBe('bot_received_leave_call');
          const downloaded = Buffer.from(result.audio['100'], 'hex');
          expect(downloaded.length).toBeGreaterThan(16_000);
          expect(received(100).equals(downloaded)).toBe(true);
        });
      });
      await receiver.close();
    },
  );

  it.skipIf(!has('curl'))('is used with the curl command that it prints', async () => {
    const { started, received } = listening();
    const receiver = await started;
    await withServe([...DELAYS, '--scenario', 'fixtures/rapid-toggle.yaml'], async (url, cli) => {
      await cli.printed(/Ctrl-C ends/);
      const printed = await cli.printed(/curl -X POST[\s\S]*?\}\}'/);
      const { stdout } = await run(
        'sh',
        ['-c', `${printed.replace('ws://127.0.0.1:4000', receiver.url)} -s`],
        BOUND,
      );
      const { id } = JSON.parse(stdout);
      await until(async () => {
        const bot = await get(url, `/api/v1/bot/${id}`, 'any-key');
        return bot.status_changes.at(-1).code === 'in_call_recording' && received(100).length > 0;
      });
    });
    await receiver.close();
  });

  it('sends webhooks to a Node app, and ends with a summary on Ctrl-C', async () => {
    const { started, received } = listening();
    const receiver = await started;
    await withHooks(async (app) => {
      await withFolder(async (dir) => {
        await withServe(
          [...DELAYS, '--scenario', talkFile(dir), '--webhook-url', app.url],
          async (url, cli) => {
            const response = await fetch(`${url}/api/v1/bot`, {
              method: 'POST',
              headers: { Authorization: 'node', 'Content-Type': 'application/json' },
              body: JSON.stringify({
                meeting_url: 'https://teams.live.com/meet/93?p=x',
                chat: { on_bot_join: { send_to: 'everyone', message: '\u001b[2J\n✔ forged' } },
                recording_config: {
                  audio_separate_raw: {},
                  realtime_endpoints: [
                    { type: 'websocket', url: receiver.url, events: ['audio_separate_raw.data'] },
                  ],
                },
              }),
            });
            expect(response.status).toBe(201);
            await app.until('bot.in_call_recording');
            await until(() => received(100).length > 0);
            cli.process.kill('SIGINT');
            const { code, stdout, stderr } = await cli.ended;
            expect(stderr).toContain(String.raw`chat to everyone: \u001b[2J\n✔ forged`);
            expect(stderr).not.toContain('\u001b[2J');
            expect(stdout).toMatch(/✔ 1 bot, 1 recording: (\d+) of \1 frames delivered, 0 dropped/);
            expect(code).toBe(0);
          },
        );
      });
      expect(app.hooks.map(({ body }) => body.event)).toContain('bot.done');
    });
    expect(receiver.stats().connectionsOpen).toBe(0);
    await receiver.close();
  });

  it('ends with one signal, whatever is still to come', async () => {
    await withServe([], async (url, cli) => {
      const create = async (body: object) => {
        const response = await fetch(`${url}/api/v1/bot/`, {
          method: 'POST',
          headers: { Authorization: 'node', 'Content-Type': 'application/json' },
          body: JSON.stringify({ meeting_url: 'https://zoom.us/j/1', ...body }),
        });
        return ((await response.json()) as { id: string }).id;
      };
      await create({ join_at: '2099-01-01T00:00:00Z' });
      const deleted = await create({ join_at: '2099-01-01T00:00:00Z' });
      await fetch(`${url}/api/v1/bot/${deleted}/`, { method: 'DELETE', headers: { Authorization: 'node' } });
      cli.process.kill('SIGINT');
      const { code, stdout } = await cli.ended;
      expect(stdout).toMatch(/^✔ 1 bot, 0 recordings: 0 of 0 frames delivered/);
      expect(code).toBe(0);
    });
  });

  it('says in its summary what was refused, left early and lost by demand, which is no failure', async () => {
    const { started, received } = listening();
    const receiver = await started;
    await withFolder(async (dir) => {
      await withServe([...DELAYS, '--json', '--scenario', talkFile(dir)], async (url, cli) => {
        const post = async (path: string, body: object) => {
          const headers = { Authorization: 'node', 'Content-Type': 'application/json' };
          const response = await fetch(`${url}${path}`, {
            method: 'POST',
            headers,
            body: JSON.stringify(body),
          });
          return { status: response.status, body: (await response.json()) as { id: string } };
        };
        expect((await post('/api/v1/bot/', {})).status).toBe(400);
        const { body } = await post('/api/v1/bot/', {
          meeting_url: 'https://zoom.us/j/1',
          recording_config: {
            audio_separate_raw: {},
            realtime_endpoints: [
              { type: 'websocket', url: receiver.url, events: ['audio_separate_raw.data'] },
            ],
          },
        });
        await until(() => received(100).length > 0);
        await post(`/_emulator/bots/${body.id}/refuse`, { seconds: 1 });
        await post(`/_emulator/bots/${body.id}/drop`, {});
        await until(async () => {
          const { bots } = await get(url, '/_emulator/bots');
          return bots[0].dropped > 3;
        });
        await post(`/api/v1/bot/${body.id}/leave_call/`, {});
        await until(async () => {
          const bot = await get(url, `/api/v1/bot/${body.id}/`);
          return bot.status_changes.at(-1).code === 'done';
        });
        cli.process.kill('SIGINT');
        const { code, stdout } = await cli.ended;
        const lines = stdout
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line));
        const summary = lines.at(-1);
        expect(summary).toMatchObject({ ok: true, bots: 1, refused_requests: 1, ended_early: 1 });
        expect(summary.dropped).toBeGreaterThan(3);
        expect(summary.dropped_by_reason.on_demand).toBe(summary.dropped);
        expect(summary.max_lateness_s).toBeTypeOf('number');
        expect(lines.map(({ text }) => text)).toContain(
          'POST /api/v1/bot/: 400, meeting_url: This field is required.',
        );
        expect(code).toBe(0);
      });
    });
    await receiver.close();
  });

  it.skipIf(process.platform === 'win32')('lives on when there are no file descriptors left', async () => {
    const { started } = listening();
    const receiver = await started;
    await withFolder(async (dir) => {
      // Node wants some 150 to load its modules; every bot here takes 25.
      const ids = Array.from({ length: 12 }, (_, index) => index + 1);
      const crowd = join(dir, 'crowd.json');
      const timeline = ids.map((participant) => ({ at: 0, participant, action: 'unmute' }));
      writeFileSync(
        crowd,
        JSON.stringify({ duration: 600, participants: ids.map((id) => ({ id })), timeline }),
      );
      const cli = startShell(
        `ulimit -n 200 && exec $CLI serve --port 0 ${DELAYS.join(' ')} --scenario ${crowd}`,
      );
      try {
        const url = await cli.printed(/http:\/\/127\.0\.0\.1:\d+/);
        await cli.printed(/may have 200 files and sockets open/);
        // One connection for all of them, which stays open: the limit turns new ones away.
        const create = async (): Promise<number> => {
          const response = await fetch(`${url}/api/v1/bot/`, {
            method: 'POST',
            headers: { Authorization: 'node', 'Content-Type': 'application/json' },
            body: JSON.stringify({
              meeting_url: 'https://zoom.us/j/1',
              recording_config: {
                audio_separate_raw: {},
                audio_mixed_raw: {},
                realtime_endpoints: [
                  { type: 'websocket', url: receiver.url, events: ['audio_separate_raw.data'] },
                ],
              },
            }),
          });
          await response.arrayBuffer();
          return response.status;
        };
        const answers: unknown[] = [];
        for (let made = 0; made < 12; made++) {
          const answer = create().catch(() => 'refused');
          answers.push(await within(answer, () => `an answer to bot ${made}, after ${answers.join(', ')}`));
        }
        expect(answers).toContain(201);
        // Which of them finds no descriptor left, a dial or a file, is not ours to choose.
        await cli.printed(/no file descriptors left|too many files open/);
        cli.process.kill('SIGINT');
        const { code, stdout, stderr } = await cli.ended;
        expect(stdout, stderr).toMatch(/✘ \d+ bots/);
        expect(code).toBe(1);
        expect(stderr).not.toMatch(/defect|Unhandled|node:internal/);
      } finally {
        cli.process.kill('SIGKILL');
        await cli.ended;
      }
    });
    await receiver.close();
  });

  it('keeps what was recorded when it is killed, and the bot comes back as fatal', async () => {
    const { started, received } = listening();
    const receiver = await started;
    await withFolder(async (dir) => {
      const args = [...DELAYS, '--scenario', talkFile(dir), '--data-dir', join(dir, 'data')];
      const before = await withServe(args, async (url) => {
        const response = await fetch(`${url}/api/v1/bot/`, {
          method: 'POST',
          headers: { Authorization: 'node', 'Content-Type': 'application/json' },
          body: JSON.stringify({
            meeting_url: 'https://zoom.us/j/1',
            recording_config: {
              audio_separate_raw: {},
              realtime_endpoints: [
                { type: 'websocket', url: receiver.url, events: ['audio_separate_raw.data'] },
              ],
            },
          }),
        });
        const { id } = (await response.json()) as { id: string };
        await until(() => received(100).length > 2.5 * 32_000);
        return { id };
      });
      const sent = received(100);
      await withServe(args, async (url) => {
        const bot = await get(url, `/api/v1/bot/${before.id}/`);
        expect(bot.status_changes.at(-1)).toMatchObject({ code: 'fatal', sub_code: 'emulator_restarted' });
        const [recording] = bot.recordings;
        expect(recording.status.code).toBe('done');
        const [part] = await get('', recording.media_shortcuts.audio_separate.data.download_url);
        const kept = Buffer.from(await (await fetch(part.download_url)).arrayBuffer());
        expect(kept.length % 2).toBe(0);
        expect(kept.length).toBe(part.duration * 32_000);
        // At most the last second is lost, and what is there is what was sent.
        expect(sent.length - kept.length).toBeLessThanOrEqual(32_000);
        expect(sent.subarray(0, kept.length).equals(kept)).toBe(true);
      });
    });
    await receiver.close();
  });

  it('prints its OpenAPI document, and refuses what cannot be', async () => {
    const { stdout, code } = await runCli('serve', '--print-openapi');
    expect(JSON.parse(stdout).openapi).toBe('3.1.0');
    expect(code).toBe(0);
    for (const [args, message] of [
      [['--host', '0.0.0.0'], /--api-key/],
      [['--answer', 'create_bot=200'], /operation=status:times/],
      [['--fault', 'make_bot=500'], /The operations are/],
      [['--secret', 'nonsense'], /whsec_/],
      [['--scenario', 'nowhere.yaml'], /nowhere\.yaml/],
      [['--webhook-url', 'ws://x'], /http or https/],
      [['--webhook-url', 'http://u%ff@x/'], /%25/],
      [['--map-target', 'https://a.example=ws://127.0.0.1:1'], /one is for webhooks/],
      [['--data-dir', 'package.json'], /cannot be used/],
      [['--delay', 'lunch=1h'], /the statuses are/],
    ] as const) {
      const result = await runCli('serve', '--port', '0', ...args);
      expect([result.code, result.stderr.match(message)?.length], result.stderr).toEqual([2, 1]);
      expect(result.stderr).not.toMatch(/ at .*\.js:\d/);
    }
  });
});
