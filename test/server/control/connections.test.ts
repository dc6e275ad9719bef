import { describe, expect, it } from 'vitest';
import { startReceiver } from '../../../src/receiver/receiver.ts';
import { withServer } from '../../support/mock.ts';
import { until as eventually } from '../../support/until.ts';

describe('connections', () => {
  it('drops and refuses connections, and the stream comes back', async () => {
    const receiver = await startReceiver({});
    const scenario = {
      duration: 60,
      participants: [{ id: 100 }],
      timeline: [{ at: 0, participant: 100, action: 'unmute' as const }],
    };
    await withServer({ scenario, speed: 1 }, async ({ bot, get, post, until }) => {
      const id = await bot({
        recording_config: {
          audio_separate_raw: {},
          realtime_endpoints: [{ type: 'websocket', url: receiver.url, events: ['audio_separate_raw.data'] }],
        },
      });
      await post('/_emulator/advance', { seconds: 5 });
      await until(id, 'in_call_recording');
      await post(`/_emulator/bots/${id}/refuse`, { seconds: 4 });
      expect((await post(`/_emulator/bots/${id}/drop`)).body).toEqual({ dropped: 1 });
      // The loss is noticed when the socket has closed.
      await eventually(
        async () => (await get(`/_emulator/bots/${id}`)).body.participants[0].connection === 'retrying',
      );
      await post('/_emulator/advance', { seconds: 20 });
      const detail = (await get(`/_emulator/bots/${id}`)).body;
      expect(detail.participants[0].connection).toBe('open');
      expect(
        detail.reports[0].participants[0].connections.map(({ retries }: { retries: number }) => retries),
      ).toEqual([0, 2]);
      expect(detail.scheduled).toBe(detail.sent + detail.dropped);
    });
    expect(receiver.stats().connectionsTotal).toBe(2);
    await receiver.close();
  });
});
