import { describe, expect, it } from 'vitest';
import { realClock } from '../../src/emulator/clock.ts';
import { meeting } from '../../src/scenario/builder.ts';
import type { Scenario } from '../../src/scenario/schema.ts';
import { type FaultyReceiver, withReceiver } from '../support/faulty-receiver.ts';
import { type Client, NO_DELAYS, withServer, ZOOM } from '../support/mock.ts';
import { picturesOf, timesOf, VIDEO_EVENT, WITH_VIDEO } from '../support/pictures.ts';
import { until } from '../support/until.ts';

const MODES = ['per-participant', 'per-endpoint'] as const;

function asksForVideo(url: string, more: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    recording_config: {
      video_separate_png: { metadata: { kind: 'faces' } },
      realtime_endpoints: [{ type: 'websocket', url: `${url}/`, events: [VIDEO_EVENT] }],
      ...more,
    },
  };
}

/** A bot with a camera that is on from 1 to 9 s, in a call whose time passes when it is told to. */
const CAMERA = meeting({ duration: 20 })
  .participant({ id: 100, name: 'Ada' }, (ada) =>
    ada.webcam(1, true).webcam(9, false).webcam(15, true).webcam(16, false),
  )
  .participant({ id: 200, name: 'Grace' })
  .build();

interface VideoCall extends Client {
  readonly botId: string;
  readonly receiver: FaultyReceiver;
  /** Advances to a second of the meeting. */
  to(seconds: number): Promise<void>;
  /** Lets the bot leave, and tells when every picture was taken. */
  end(): Promise<unknown[]>;
}

function withVideoCall(
  connections: (typeof MODES)[number],
  use: (call: VideoCall) => Promise<void>,
  scenario: Scenario = CAMERA,
): Promise<void> {
  return withReceiver([], (receiver) =>
    withServer(
      { scenario, connections, delays: NO_DELAYS, speed: undefined, clock: realClock({ speed: 0.000_01 }) },
      async (client) => {
        const botId = await client.bot(asksForVideo(receiver.url));
        const advance = (seconds: number) => client.post('/_emulator/advance', { seconds });
        await advance(0.000_1);
        await use({
          ...client,
          botId,
          receiver,
          async to(seconds) {
            const { body } = await client.get(`/_emulator/bots/${botId}`);
            await advance(seconds - body.elapsed_s);
          },
          async end() {
            await client.post(`/api/v1/bot/${botId}/leave_call/`);
            await until(async () => {
              await advance(1);
              const { body } = await client.get(`/api/v1/bot/${botId}/`);
              return body.status_changes.at(-1).code === 'done';
            });
            await until(() => receiver.connections.every(({ closeCode }) => closeCode !== null));
            return timesOf(picturesOf(receiver.messages)).map(([, , relative]) => relative);
          },
        });
      },
    ),
  );
}

describe('separate video of a bot', () => {
  it.each(MODES)('comes as play sends it (%s)', (connections) =>
    withReceiver([], (receiver) =>
      withServer({ scenario: WITH_VIDEO, connections }, async ({ bot, until: reach, server, get }) => {
        const id = await bot({ ...asksForVideo(receiver.url), metadata: { team: 'blue' } });
        const { recordings } = await reach(id, 'done');
        const opened = receiver.connections.map(({ messages }) => timesOf(picturesOf(messages)));
        const ada = [1, 1.5, 2, 2.5, 3].map((relative) => [100, 'webcam', relative]);
        const grace = [1.25, 1.75].map((relative) => [200, 'screenshare', relative]);
        expect(opened).toEqual(
          connections === 'per-participant'
            ? [ada, grace]
            : [[...ada, ...grace].sort((a, b) => Number(a[2]) - Number(b[2]))],
        );
        const pictures = picturesOf(receiver.messages);
        expect(pictures).toHaveLength(receiver.messages.length);
        expect(new Set(pictures.map(({ video_separate }) => video_separate.id)).size).toBe(1);
        expect(pictures[0]).toMatchObject({
          video_separate: { metadata: { kind: 'faces' } },
          recording: { id: recordings[0].id },
          bot: { id, metadata: { team: 'blue' } },
        });
        expect(server.stats()).toMatchObject({
          ok: true,
          scheduled: 0,
          pictures: { scheduled: 7, sent: 7, dropped: 0 },
        });
        const { body } = await get(`/_emulator/bots/${id}`);
        expect(body.reports[0].video).toMatchObject({ scheduled: 7, sent: 7 });
      }),
    ),
  );

  it.each(MODES)('stops in a pause, and goes on where the meeting is after it (%s)', (connections) =>
    withVideoCall(connections, async ({ botId, post, to, end, receiver }) => {
      await to(2.2);
      await post(`/api/v1/bot/${botId}/pause_recording/`);
      await to(2.3);
      await until(() => receiver.connections.every(({ closeCode }) => closeCode === 1000));
      await to(5.75);
      await post(`/api/v1/bot/${botId}/resume_recording/`);
      await to(7.3);
      const after = [5.75, 6.25, 6.75, 7.25];
      expect(await end()).toEqual([1, 1.5, 2, ...after.map((second) => expect.closeTo(second, 2))]);
      expect(receiver.connections.map(({ closeCode }) => closeCode)).toEqual([1000, 1000]);
    }),
  );

  it('is switched on and off by hand, and what the scenario switches later holds', () =>
    withVideoCall('per-endpoint', async ({ botId, post, to, end }) => {
      const ada = (deed: string) => post(`/_emulator/bots/${botId}/participants/100/${deed}`);
      await to(2.2);
      expect((await ada('webcam_on')).status).toBe(409);
      expect((await ada('webcam_off')).status).toBe(200);
      await to(4.1);
      expect((await ada('webcam_off')).status).toBe(409);
      expect((await ada('screenshare_on')).status).toBe(200);
      await to(5.2);
      expect((await ada('screenshare_off')).status).toBe(200);
      const byHand = [4.1, 4.6, 5.1].map((second) => expect.closeTo(second, 2));
      await to(17);
      expect(await end()).toEqual([1, 1.5, 2, ...byHand, 15, 15.5]);
    }));

  it('begins with the recording, in the middle of the scenario', () =>
    withReceiver([], (receiver) =>
      withServer(
        {
          scenario: meeting({ duration: 6 })
            .participant({ id: 100, name: 'Ada' }, (ada) => ada.webcam(0, true))
            .participant({ id: 200, name: 'Grace' }, (grace) => grace.unmute(1).speak(4, { duration: 1 }))
            .build(),
        },
        async ({ bot, until: reach }) => {
          const config = asksForVideo(receiver.url, { start_recording_on: 'participant_speak' });
          await reach(await bot(config), 'done');
          expect(timesOf(picturesOf(receiver.messages))).toEqual(
            [0, 0.5, 1, 1.5].map((relative) => [100, 'webcam', relative]),
          );
        },
      ),
    ));

  it('goes on through a mute', () =>
    withVideoCall('per-participant', async ({ botId, post, to, end }) => {
      await to(1.2);
      await post(`/_emulator/bots/${botId}/participants/100/unmute`);
      await to(2.2);
      await post(`/_emulator/bots/${botId}/participants/100/mute`);
      await to(3.2);
      expect(await end()).toEqual([1, 1.5, 2, 2.5, 3]);
    }));

  it('ends when somebody leaves on command, and comes back with what the scenario has from then on', () =>
    withVideoCall('per-participant', async ({ botId, post, to, end, receiver }) => {
      await to(2.2);
      await post(`/_emulator/bots/${botId}/participants/100/leave`);
      await to(2.3);
      await until(() => receiver.connections[0]?.closeCode === 1000);
      await to(4);
      await post(`/_emulator/bots/${botId}/participants`, { id: 100, name: 'Ada' });
      await to(5);
      await post(`/api/v1/bot/${botId}/pause_recording/`);
      await to(6);
      await post(`/api/v1/bot/${botId}/resume_recording/`);
      await to(17);
      expect(await end()).toEqual([1, 1.5, 2, 15, 15.5]);
    }));

  it('is not sent to a bot that did not ask for it, and not accepted as an event without its artifact', () =>
    withReceiver([], (receiver) =>
      withServer({ scenario: WITH_VIDEO }, async ({ bot, until: reach, post }) => {
        await reach(
          await bot({
            recording_config: {
              ...(asksForVideo('ws://127.0.0.1:1').recording_config as object),
              realtime_endpoints: [],
            },
          }),
          'done',
        );
        expect(receiver.upgrades).toEqual([]);
        const { status, body } = await post('/api/v1/bot/', {
          meeting_url: ZOOM,
          ...asksForVideo(receiver.url, { video_separate_png: null }),
        });
        expect(status).toBe(400);
        expect(JSON.stringify(body)).toContain('needs recording_config.video_separate_png to be set');
      }),
    ));

  it('is not there on a platform that has none, which is told once', () => {
    const warnings: string[] = [];
    return withReceiver([], (receiver) =>
      withServer(
        { scenario: WITH_VIDEO, onActivity: ({ kind, text }) => kind === 'warning' && warnings.push(text) },
        async ({ bot, until: reach }) => {
          const meeting_url = 'https://acme.webex.com/meet/ada';
          for (let count = 0; count < 2; count++)
            await reach(await bot({ ...asksForVideo(receiver.url), meeting_url }), 'done');
          expect(receiver.messages).toEqual([]);
          expect(warnings).toEqual(['no pictures: separate video is not available on webex']);
        },
      ),
    );
  });

  it('that is lost is no success', () =>
    withReceiver([{ kind: 'status', status: 503 }], (receiver) =>
      withServer({ scenario: WITH_VIDEO, retryAttempts: 0 }, async ({ bot, until: reach, server }) => {
        await reach(await bot(asksForVideo(receiver.url)), 'done');
        const { ok, dropped, pictures } = server.stats();
        expect({ ok, dropped }).toEqual({ ok: false, dropped: 0 });
        expect(pictures).toEqual({ scheduled: 7, sent: 0, inDoubt: 0, dropped: 7 });
      }),
    ));
});
