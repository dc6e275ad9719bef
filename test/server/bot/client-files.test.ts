import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createMock, type ServerOptions } from '../../../src/server/server.ts';
import { asker, NO_DELAYS, ZOOM } from '../../support/mock.ts';

const dir = mkdtempSync(join(tmpdir(), 'recall-emulator-control-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

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
    await use((audio) => ask('POST', `/_emulator/bots/${id}/participants/100/speak`, { audio }));
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
