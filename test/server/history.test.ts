import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { InvalidInputError } from '../../src/errors.ts';
import { scenarioToYaml } from '../../src/scenario/stringify.ts';
import { createMock } from '../../src/server/server.ts';
import { withFolder } from '../support/cli.ts';
import { type Client, SHORT, withHooks, withServer } from '../support/mock.ts';

const ID = '11111111-2222-4333-8444-555555555555';

const YAML = `
bots:
  - id: ${ID}
    created: 2030-01-02T10:00:00Z
    scenario: short.yaml
    request:
      bot_name: Notes
      metadata: { team: blue }
      recording_config:
        audio_separate_raw: {}
        transcript: { provider: { meeting_captions: {} } }
        realtime_endpoints: [{ type: webhook, url: http://127.0.0.1:1/, events: [transcript.data] }]
  - created: 2h ago
    scenario: short.yaml
  - request: { meeting_url: "https://meet.google.com/abc-defg-hij", join_at: 2031-01-01T00:00:00Z }
sdk_uploads:
  - scenario: short.yaml
    request: { metadata: { user: ada } }
  - status: failed
  - status: pending
`;

async function withHistory<T>(text: string, use: (file: string) => Promise<T>): Promise<T> {
  return withFolder(async (dir) => {
    writeFileSync(join(dir, 'short.yaml'), scenarioToYaml(SHORT));
    const file = join(dir, 'history.yaml');
    writeFileSync(file, text);
    return use(file);
  });
}

const START = { startTime: new Date('2030-01-03T00:00:00Z'), generatedSeconds: 2 };
const idsOf = async ({ get }: Client, path: string): Promise<string[]> =>
  (await get(path)).body.results.map(({ id }: { id: string }) => id);

/** The problems of a history that cannot be read. */
async function problemsOf(text: string): Promise<string[]> {
  return withHistory(text, async (importFile) => {
    const failed = await createMock({ importFile }).then(
      () => undefined,
      (error: unknown) => error,
    );
    if (!(failed instanceof InvalidInputError)) throw failed;
    return failed.problems.map(
      ({ location, message }) => `${location?.line}:${location?.column} ${location?.path}: ${message}`,
    );
  });
}

describe('a history', () => {
  it('is there from the start: bots with their recordings, scheduled ones, and uploads', async () => {
    await withHooks(async (app) => {
      await withHistory(YAML, async (importFile) => {
        await withServer({ ...START, importFile, webhookUrls: [app.url], speed: 1 }, async (client) => {
          const { get } = client;
          const { body: bot } = await get(`/api/v1/bot/${ID}/`);
          expect(bot).toMatchObject({
            bot_name: 'Notes',
            metadata: { team: 'blue' },
            recording_config: { realtime_endpoints: [{ type: 'webhook' }] },
          });
          expect(bot.status_changes.at(-1).code).toBe('done');
          expect(bot.status_changes[0].created_at).toBe('2030-01-02T10:00:00.000Z');
          const { transcript, audio_separate } = bot.recordings[0].media_shortcuts;
          expect((await get(transcript.data.download_url)).body[0].words).toHaveLength(4);
          const [part] = (await get(audio_separate.data.download_url)).body;
          expect((await (await fetch(part.download_url)).arrayBuffer()).byteLength).toBe(64_000);

          const bots = (await get('/api/v1/bot/')).body.results;
          expect(bots).toHaveLength(3);
          const [second, first, scheduled] = bots;
          expect(first.id).toBe(ID);
          expect(scheduled.status_changes.map(({ code }: { code: string }) => code)).toEqual(['ready']);
          expect(second.status_changes[0].created_at).toMatch(/^2030-01-02T22:00:0/);

          const uploads = (await get('/api/v1/sdk_upload/')).body.results;
          expect(uploads.map(({ status }: { status: { code: string } }) => status.code)).toEqual([
            'pending',
            'failed',
            'complete',
          ]);
          expect(await idsOf(client, `/api/v1/recording/?desktop_sdk_upload_id=${uploads[2].id}`)).toEqual([
            uploads[2].recording_id,
          ]);
          expect((await client.post(`/_emulator/sdk_uploads/${uploads[0].id}/start`)).status).toBe(200);
          await client.post(`/_emulator/sdk_uploads/${uploads[0].id}/fail`);
        });
      });
      // What has been before is told to nobody.
      expect(app.hooks.filter(({ body }) => body.event.startsWith('bot.'))).toEqual([]);
    });
  });

  it('has the same ids in every run, and nothing twice in a data folder', async () => {
    await withHistory(YAML, async (importFile) => {
      await withFolder(async (dataDir) => {
        const bots = (client: Client) => idsOf(client, '/api/v1/bot/');
        const first = await withServer({ ...START, importFile, seed: 1, speed: 1 }, bots);
        const options = { ...START, importFile, dataDir, seed: 2, speed: 1 };
        expect(await withServer(options, bots)).toEqual(first);
        expect(await withServer(options, bots)).toEqual(first);
        expect(first).toHaveLength(3);
      });
    });
  });

  it('gives each entry to its key, the rest to the first that comes, and all to an only key', async () => {
    const text = 'bots:\n  - {api_key: blue, scenario: short.yaml}\n  - {scenario: short.yaml}\n';
    await withHistory(text, async (importFile) => {
      await withServer({ importFile }, async ({ get }) => {
        const countOf = async (key: string) =>
          (await get('/api/v1/bot/', { Authorization: `Token ${key}` })).body.count;
        expect([await countOf('blue'), await countOf('red'), await countOf('green')]).toEqual([1, 1, 0]);
      });
    });
    await withHistory('bots: [{scenario: short.yaml}]', async (importFile) => {
      await withServer({ importFile, apiKey: 'test' }, async ({ get }) => {
        expect((await get('/api/v1/bot/')).body.count).toBe(1);
      });
    });
  });

  it('is refused with the line of every mistake', async () => {
    expect(await problemsOf('bots:\n  - created: tomorrow\n    speed: 3\n  - id: 7\n')).toEqual([
      '2:14 bots[0].created: "tomorrow": a time is expected, such as 2030-01-02T10:00:00Z or 2h ago.',
      '3:12 bots[0].speed: "speed" is not a field here.',
      '4:9 bots[1].id: 7: text is expected.',
    ]);
    expect(await problemsOf('bots:\n  - request: { meeting_url: ftp://x }\n')).toEqual([
      '2:29 bots[0].request.meeting_url: "ftp://x": The meeting URL is not one of a supported platform.',
    ]);
    const [missing] = await problemsOf('bots:\n  - scenario: missing.yaml\n');
    expect(missing).toMatch(/^2:15 bots\[0\]\.scenario: .*missing\.yaml/);
    const [named] = await problemsOf(
      'bots:\n  - scenario: short.yaml\n    request: { join_at: 2999-01-01T00:00:00Z }\n',
    );
    expect(named).toContain('metadata.recall_emulator_scenario');
    const [syntax] = await problemsOf('bots: [\n');
    expect(syntax).toContain('Not valid YAML');
  });
});

describe('POST /_emulator/history', () => {
  it('adds what has been, such as a recording that was imported, while the server runs', async () => {
    await withHistory('', async (file) => {
      const scenario = file.replace('history.yaml', 'short.yaml');
      await withServer({}, async (client) => {
        const body = { bots: [{ id: ID, scenario, request: { bot_name: 'Imported' } }] };
        const { status, body: added } = await client.post('/_emulator/history', body);
        expect(status).toBe(201);
        const { body: bot } = await client.get(`/api/v1/bot/${ID}/`);
        expect(bot.bot_name).toBe('Imported');
        expect(added).toEqual({ bots: [{ id: ID, recording_ids: [bot.recordings[0].id] }], sdk_uploads: [] });
        // It is there: left alone.
        expect((await client.post('/_emulator/history', body)).body.bots).toEqual([]);
        const same = { bots: [{ scenario }] };
        const ids = [
          await client.post('/_emulator/history', same),
          await client.post('/_emulator/history', same),
        ];
        expect(new Set(ids.map(({ body: { bots } }) => bots[0].id)).size).toBe(2);
        expect(await idsOf(client, '/api/v1/bot/')).toHaveLength(3);
      });
    });
  });

  it('says what is wrong, and whose it is to be', async () => {
    await withServer({}, async ({ get, post }) => {
      expect((await post('/_emulator/history', { bots: [{ created: 'soon' }] })).status).toBe(400);
      const missing = await post('/_emulator/history', { bots: [{ scenario: '/nowhere/x.yaml' }] });
      expect([missing.status, missing.body.code]).toEqual([400, 'history_not_playable']);
      for (const key of ['red', 'blue']) await get('/api/v1/bot/', { Authorization: `Token ${key}` });
      const keyless = await post('/_emulator/history', { bots: [{}] }, { Authorization: '' });
      expect([keyless.status, keyless.body.code]).toEqual([409, 'which_workspace']);
      const named = await post('/_emulator/history', { bots: [{ api_key: 'red' }] }, { Authorization: '' });
      expect(named.status).toBe(201);
      expect((await get('/api/v1/bot/', { Authorization: 'Token red' })).body.count).toBe(1);
    });
  });
});
