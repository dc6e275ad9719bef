import { describe, expect, it } from 'vitest';
import { startReceiver } from '../../../src/receiver/receiver.ts';
import { loadScenario } from '../../../src/scenario/load.ts';
import { fullConfig, withHooks, withServer } from '../../support/mock.ts';

describe('downloads', () => {
  it('equal what the receiver got, for audio, events, words and the mix', async () => {
    const messages: { event: string; data: Record<string, never> }[] = [];
    const receiver = await startReceiver({ onEvent: (event) => messages.push(event as never) });
    await withHooks(async (app) => {
      await withServer(
        { scenario: 'fixtures/standup.yaml', connections: 'per-endpoint' },
        async ({ bot, until, get, url }) => {
          const id = await bot({ recording_config: fullConfig(receiver.url, app.url) });
          const { recordings } = await until(id, 'done');
          const shortcuts = recordings[0].media_shortcuts;
          const of = (name: string) =>
            messages.filter(({ event }) => event === name).map(({ data }) => data as never);

          for (const part of (await get(shortcuts.audio_separate.data.download_url)).body) {
            const raw = Buffer.from(await (await fetch(part.download_url)).arrayBuffer());
            const end = part.start_timestamp.relative + part.duration;
            const received = of('audio_separate_raw.data')
              .map(
                ({ data }: never) =>
                  data as { buffer: string; participant: { id: number }; timestamp: { relative: number } },
              )
              .filter(
                ({ participant, timestamp }) =>
                  participant.id === part.participant.id &&
                  timestamp.relative >= part.start_timestamp.relative &&
                  timestamp.relative < end,
              )
              .map(({ buffer }) => Buffer.from(buffer, 'base64'));
            expect(Buffer.concat(received).equals(raw)).toBe(true);
            const wav = Buffer.from(
              await (await fetch(part.download_url.replace('.raw?', '.wav?'))).arrayBuffer(),
            );
            expect(wav.subarray(44).equals(raw)).toBe(true);
          }
          const mixed = Buffer.from(
            await (await fetch(shortcuts.audio_mixed.data.download_url)).arrayBuffer(),
          );
          const mixedReceived = of('audio_mixed_raw.data').map(({ data }: never) =>
            Buffer.from((data as { buffer: string }).buffer, 'base64'),
          );
          expect(Buffer.concat(mixedReceived).equals(mixed)).toBe(true);

          const transcript = (await get(shortcuts.transcript.data.download_url)).body;
          expect(of('transcript.data').map(({ data }: never) => data)).toEqual(transcript);
          const said = transcript.map(({ words }: { words: { text: string }[] }) =>
            words.map(({ text }) => text).join(' '),
          );
          const { scenario } = await loadScenario('fixtures/standup.yaml');
          const texts = scenario.timeline.flatMap((action) =>
            action.action === 'speak' ? [action.text] : [],
          );
          expect([...said].sort()).toEqual(texts.sort());

          const events = (await get(shortcuts.participant_events.data.participant_events_download_url)).body;
          const received = messages
            .filter(({ event }) => event.startsWith('participant_events.'))
            .map(({ event, data }) => ({
              action: event.slice(19),
              ...(data as unknown as { data: object }).data,
            }));
          expect(received).toEqual(events.map(({ id: _, ...event }: { id: string }) => event));
          expect(
            app.hooks
              .map(({ body }) => body.event)
              .filter((event) => event.startsWith('participant_events.')),
          ).toEqual(received.map(({ action }) => `participant_events.${action}`));
          const people = (await get(shortcuts.participant_events.data.participants_download_url)).body;
          expect(people.map(({ name }: { name: string | null }) => name)).toEqual([
            'Ada Moreno',
            'Bo Lindqvist',
            null,
          ]);

          const { pathname } = new URL(shortcuts.transcript.data.download_url);
          expect((await get(`${url}${pathname}?expires=9999999999&token=${'0'.repeat(64)}`)).status).toBe(
            403,
          );
        },
      );
    });
    expect(receiver.stats().invalid).toBe(0);
    await receiver.close();
  });

  it.each([
    [{ type: 'timed', hours: 2 }, true, false],
    [undefined, true, true],
    [{ type: 'forever' }, true, true],
    // Nothing is kept.
    [null, false, false],
  ])('are there for as long as retention %j says', async (retention, atFirst, later) => {
    await withServer({}, async ({ bot, until, get, post }) => {
      const id = await bot({ recording_config: { audio_separate_raw: {}, retention } });
      const urlOf = (body: Awaited<ReturnType<typeof until>>): string | null =>
        body.recordings[0].media_shortcuts.audio_separate.data.download_url;
      const url = urlOf(await until(id, 'done'));
      expect(url !== null).toBe(atFirst);
      if (url !== null) expect((await get(url)).status).toBe(200);
      await post('/_emulator/advance', { seconds: 3 * 3_600 });
      expect(urlOf((await get(`/api/v1/bot/${id}/`)).body) !== null).toBe(later);
      // A URL from before is good for six hours, and leads to what is kept only.
      if (url !== null) expect((await get(url)).status).toBe(later ? 200 : 404);
    });
  });

  it('expire, and are gone when the media is deleted', async () => {
    await withServer({ downloadTtlSeconds: 60 }, async ({ bot, until, get, post }) => {
      const id = await bot({ recording_config: { audio_separate_raw: {} } });
      const { recordings } = await until(id, 'done');
      const url = recordings[0].media_shortcuts.audio_separate.data.download_url;
      expect((await get(url)).status).toBe(200);
      await post('/_emulator/advance', { seconds: 120 });
      expect((await get(url)).status).toBe(403);
      const deleted = await post(`/api/v1/bot/${id}/delete_media/`);
      expect(deleted.body.recordings[0].status.code).toBe('deleted');
      expect(deleted.body.recordings[0].media_shortcuts.audio_separate.data.download_url).toBeNull();
      // URLs that still hold lead to nothing, to no empty list either.
      const other = await until(await bot(), 'done');
      const { data } = other.recordings[0].media_shortcuts.participant_events;
      expect((await get(data.participants_download_url)).body).toHaveLength(1);
      await post(`/api/v1/bot/${other.id}/delete_media/`);
      expect((await get(data.participants_download_url)).status).toBe(404);
    });
  });
});
