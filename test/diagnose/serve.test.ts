/** Causes of bots: what an app asks of the API is a witness, too. */
import { describe, expect, it } from 'vitest';
import { meeting } from '../../src/scenario/builder.ts';
import { withServer } from '../support/mock.ts';
import { closeFrame, good, rawReceiver } from '../support/raw-receiver.ts';

const NO_DELAYS = {
  joiningSeconds: 0,
  waitingRoomSeconds: 0,
  notRecordingSeconds: 0,
  permissionSeconds: 0,
  doneSeconds: 0,
};

/** Ada mutes for good; Ben talks on. */
const TALK = meeting({ duration: 30 })
  .participant({ id: 100, name: 'Ada' }, (ada) => ada.unmute(0).mute(1))
  .participant({ id: 200, name: 'Ben' }, (ben) => ben.unmute(0))
  .build();

const streamTo = (url: string): Record<string, unknown> => ({
  recording_config: {
    audio_separate_raw: {},
    realtime_endpoints: [{ type: 'websocket', url, events: ['audio_separate_raw.data'] }],
  },
});

describe('a server', () => {
  it('tells that an app leaves at a mute', async () => {
    await withServer(
      { speed: 1, scenario: TALK, delays: NO_DELAYS },
      async ({ bot, post, until, server }) => {
        let id: string | undefined;
        let left = false;
        await using raw = await rawReceiver(async (peer) => {
          await peer.accept();
          await peer.closing();
          peer.send(closeFrame(1000));
          peer.socket.end();
          if (left) return;
          left = true;
          await post(`/api/v1/bot/${id}/leave_call/`);
        });
        id = await bot(streamTo(raw.url));
        await until(id, 'done');
        expect(server.stats().diagnoses).toMatchObject([
          { code: 'leaves_after_mute', certainty: 'likely', bots: 1 },
        ]);
      },
    );
  });

  it('counts the bots that a cause befell, and blames no right receiver', async () => {
    await using fine = await rawReceiver(good);
    await using wrong = await rawReceiver(async (peer) => {
      await peer.request();
      peer.socket.end('HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n');
    });
    await withServer({ retryAttempts: 0 }, async ({ bot, until, get, server }) => {
      const right = await bot(streamTo(fine.url));
      await until(right, 'done');
      expect(server.stats().diagnoses).toEqual([]);
      for (let made = 0; made < 2; made++) await until(await bot(streamTo(wrong.url)), 'done');
      expect(server.stats().diagnoses).toMatchObject([{ code: 'wrong_path', bots: 2 }]);
      expect((await get(`/_emulator/sessions/${right}`)).status).toBe(200);
    });
  });
});
