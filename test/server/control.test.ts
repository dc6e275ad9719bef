import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { Session } from '../../src/emulator/session.ts';
import { createMock, type MockServer, type ServerOptions } from '../../src/server/server.ts';
import { SHORT, withServer, ZOOM } from '../support/mock.ts';

const dir = mkdtempSync(join(tmpdir(), 'recall-emulator-control-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const NO_DELAYS = {
  joiningSeconds: 0,
  waitingRoomSeconds: 0,
  notRecordingSeconds: 0,
  permissionSeconds: 0,
  doneSeconds: 0,
};

/** Asks a mock without a socket, under the name that a client would use. */
function asker(mock: Pick<MockServer, 'fetch'>, base = 'http://127.0.0.1:8787') {
  return async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
    const response = await mock.fetch(
      new Request(`${base}${path}`, {
        method,
        headers: { Authorization: 'Token key', 'Content-Type': 'application/json', ...headers },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
    );
    const text = await response.text();
    return { status: response.status, text };
  };
}

describe('who may use the control API', () => {
  const pages: [origin: string, status: number][] = [
    ['http://127.0.0.1:8787', 200],
    ['http://127.0.0.1:3000', 403],
    ['http://localhost:8787', 403],
    ['https://127.0.0.1:8787', 403],
    ['https://evil.example', 403],
    ['null', 403],
    ['', 403],
    ['https://my.tunnel.example', 200],
    ['https://my.tunnel.example.evil.example', 403],
  ];
  it.each(pages)('a page of %s: %i', async (origin, status) => {
    const mock = await createMock({ scenario: SHORT, allowHosts: ['my.tunnel.example'] });
    expect((await asker(mock)('GET', '/_emulator/sessions', undefined, { Origin: origin })).status).toBe(
      status,
    );
    await mock.close();
  });

  it('whoever is no page at all', async () => {
    const mock = await createMock({ scenario: SHORT });
    expect((await asker(mock)('GET', '/_emulator/sessions')).status).toBe(200);
    await mock.close();
  });
});

describe('files that clients name', () => {
  const inside = join(dir, 'inside');
  mkdirSync(inside, { recursive: true });
  const secret = 'secret: hunter2';
  writeFileSync(join(dir, 'secret.yaml'), secret);
  writeFileSync(join(inside, 'broken.yaml'), secret);
  writeFileSync(join(inside, 'broken.wav'), secret);
  writeFileSync(join(inside, 'tone.raw'), Buffer.alloc(32_000, 7));
  const scenario = {
    duration: 600,
    participants: [{ id: 100 }],
    timeline: [{ at: 0, participant: 100, action: 'unmute' as const }],
  };
  const elsewhere: ServerOptions = { host: '0.0.0.0', apiKey: 'key', allowTargets: ['127.0.0.1'] };

  async function withBot(
    options: ServerOptions,
    use: (speak: (audio: string) => ReturnType<ReturnType<typeof asker>>) => Promise<void>,
  ): Promise<{ log: string }> {
    const log: string[] = [];
    const mock = await createMock({
      scenario,
      scenarioDir: inside,
      delays: NO_DELAYS,
      onActivity: ({ text }) => log.push(text),
      ...options,
    });
    const ask = asker(mock);
    const { id } = JSON.parse((await ask('POST', '/api/v1/bot/', { meeting_url: ZOOM })).text);
    await ask('POST', '/_emulator/advance', { seconds: 1 });
    await use((audio) => ask('POST', `/_emulator/sessions/${id}/participants/100/speak`, { audio }));
    await mock.close();
    return { log: log.join('\n') };
  }

  it('may be anywhere while only this machine can ask', async () => {
    await withBot({}, async (speak) => {
      expect((await speak(join(inside, 'tone.raw'))).status).toBe(200);
      const broken = await speak(join(inside, 'broken.wav'));
      expect(broken.status).toBe(400);
      expect(broken.text).toContain('broken.wav');
      expect((await speak('a\u0000.wav')).status).toBe(400);
    });
  });

  it('stay below the scenario folder when others can ask, and nothing is told of what they hold', async () => {
    const { log } = await withBot(elsewhere, async (speak) => {
      for (const audio of ['../secret.yaml', join(dir, 'secret.yaml'), '/etc/passwd', '..', 'a/../../x.wav'])
        expect(JSON.parse((await speak(audio)).text), audio).toMatchObject({ code: 'audio_outside' });
      for (const audio of ['broken.wav', 'broken.yaml', 'nothing.wav']) {
        const answer = await speak(audio);
        expect(answer.status).toBe(400);
        expect(JSON.parse(answer.text)).toEqual({
          code: 'audio_unusable',
          detail: 'The audio cannot be used. The log of recall-emulator has the reason.',
        });
      }
      expect((await speak('tone.raw')).status).toBe(200);
    });
    expect(log).toContain('nothing.wav');
  });

  it('are no way to read files through the errors of scenarios', async () => {
    const create = { meeting_url: ZOOM, metadata: { recall_emulator_scenario: 'broken.yaml' } };
    const answerOf = async (options: ServerOptions) => {
      const mock = await createMock({ scenario, scenarioDir: inside, ...options });
      const answer = await asker(mock)('POST', '/api/v1/bot/', create);
      await mock.close();
      return answer;
    };
    const here = await answerOf({});
    expect(here).toMatchObject({ status: 400, text: expect.stringContaining('secret') });
    const there = await answerOf(elsewhere);
    expect(there.status).toBe(400);
    expect(there.text).toContain('The scenario cannot be used.');
    expect(there.text).not.toContain('secret');
  });
});

describe('faults on demand', () => {
  it('are as many as anybody needs, and no more', async () => {
    const mock = await createMock({ scenario: SHORT });
    const ask = asker(mock);
    const add = () => ask('POST', '/_emulator/faults', { operation: 'create_bot', status: 507, times: 5 });
    for (let made = 0; made < 1_000; made++) expect((await add()).status).toBe(201);
    expect(JSON.parse((await add()).text)).toMatchObject({ code: 'too_many_answers' });
    await mock.close();
  });
});

describe('what the control API shows', () => {
  it('of a running call is looked up once, however many take part', async () => {
    const participants = Array.from({ length: 50 }, (_, index) => ({ id: index + 1 }));
    await withServer(
      { scenario: { duration: 600, participants, timeline: [] }, speed: 1, delays: NO_DELAYS },
      async ({ bot, get, until }) => {
        const id = await bot();
        await until(id, 'in_call_recording');
        const status = vi.spyOn(Session.prototype, 'status');
        expect((await get(`/_emulator/sessions/${id}`)).body.participants).toHaveLength(50);
        expect(status).toHaveBeenCalledTimes(1);
        status.mockRestore();
      },
    );
  });

  it('of a call that is over stays as it was', async () => {
    await withServer({}, async ({ bot, get, until }) => {
      const id = await bot({ recording_config: { audio_separate_raw: {} } });
      await until(id, 'done');
      const first = (await get(`/_emulator/sessions/${id}`)).body;
      expect(first.reports[0].participants).toMatchObject([{ id: 100 }]);
      expect((await get(`/_emulator/sessions/${id}`)).body.reports).toEqual(first.reports);
      expect((await get('/_emulator/sessions')).body.sessions[0]).toMatchObject({
        bot_id: id,
        status: 'done',
      });
    });
  });

  it('refuses what could not be written as JSON again', async () => {
    await withServer({ speed: 1, delays: NO_DELAYS }, async ({ bot, send, until }) => {
      const id = await bot();
      await until(id, 'in_call_recording');
      const deep = `{"id": 1, "extra_data": ${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}}`;
      expect((await send('POST', `/_emulator/sessions/${id}/participants`, deep)).status).toBe(400);
    });
  });
});
