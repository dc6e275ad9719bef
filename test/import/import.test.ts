import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { importRecording } from '../../src/import/import.ts';
import { scenarioOf } from '../../src/import/scenario-of.ts';
import { meeting } from '../../src/scenario/builder.ts';
import { openScenario } from '../../src/scenario/open.ts';
import { type Client, withServer } from '../support/mock.ts';

const CALL = meeting({ title: 'Standup', duration: 6 })
  .participant({ id: 100, name: 'Ada', is_host: true }, (ada) =>
    ada
      .unmute(0.5)
      .speak(0.7, { duration: 1, text: 'One two.' })
      .mute(2)
      .unmute(3)
      .mute(4)
      .chat(4.5, 'Hello'),
  )
  .participant({ id: 200, name: null }, (bo) => bo.join(1).unmute(1.5).leave(5))
  .build();

const config = {
  audio_separate_raw: {},
  transcript: { provider: { meeting_captions: {} } },
};

async function imported(client: Client, recording_config: object, use: (out: string) => Promise<void>) {
  const out = mkdtempSync(join(tmpdir(), 'import-'));
  try {
    const botId = await client.bot({ recording_config });
    await client.until(botId, 'done');
    const done = await importRecording({ botId, apiKey: 'test', baseUrl: client.url, out });
    await use(out);
    return done;
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

describe('import', () => {
  it('makes a scenario that says and plays what the recording has', async () => {
    await withServer({ scenario: CALL }, async (client) => {
      const done = await imported(client, config, async (out) => {
        const { timeline } = await openScenario(join(out, 'scenario.yaml'));
        const { timeline: original } = await openScenario(CALL);
        const spans = ({ streams }: typeof timeline) =>
          streams.map(({ startSample, endSample }) => [startSample, endSample]);
        expect(spans(timeline)).toEqual(spans(original));
        expect(timeline.participants.map(({ id, name }) => [id, name])).toEqual([
          [100, 'Ada'],
          [200, null],
        ]);
        const text = readFileSync(join(out, 'scenario.yaml'), 'utf8');
        expect(text).toContain('One two.');
        expect(text).toContain('Hello');
        expect(readdirSync(out).filter((name) => name.endsWith('.wav'))).toHaveLength(3);
      });
      expect(done).toMatchObject({ participants: 2, wavFiles: 3, missing: [] });
    });
  });

  it('says what a recording does not have, and what Recall does not give', async () => {
    await withServer({ scenario: CALL }, async (client) => {
      const done = await imported(client, {}, async () => {});
      expect(done.missing).toEqual(['transcript', 'separate audio']);
      const options = { botId: 'nobody', apiKey: 'test', baseUrl: client.url, out: tmpdir() };
      await expect(importRecording(options)).rejects.toMatchObject({
        code: 'import_failed',
        message: '/api/v1/bot/nobody/: HTTP 404.',
      });
      await expect(importRecording({ ...options, baseUrl: 'http://127.0.0.1:1' })).rejects.toMatchObject({
        code: 'import_failed',
      });
    });
    const denied = { ...CALL, bot: { recording_permission: 'denied' as const } };
    await withServer({ scenario: denied }, async (client) => {
      const result = imported(client, config, async () => {});
      await expect(result).rejects.toMatchObject({ code: 'nothing_to_import' });
    });
  });

  it('has who is heard in the meeting, whatever the events say', () => {
    const ada = { id: 1, name: 'Ada' };
    const event = (action: string, relative: number) => ({
      action,
      participant: ada,
      timestamp: { relative },
    });
    const { timeline } = scenarioOf({
      title: undefined,
      seconds: 10,
      participants: [],
      events: [event('join', 2), event('leave', 4)],
      transcript: [],
      heard: [{ participant: ada, start: 1, end: 5, file: 'a.wav' }],
    });
    expect(timeline.map(({ at, action }) => [at, action])).toEqual([
      [1, 'join'],
      [1, 'unmute'],
      [1, 'speak'],
      [5, 'mute'],
      [5, 'leave'],
    ]);
  });
});
