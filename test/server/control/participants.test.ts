import { describe, expect, it } from 'vitest';
import { startReceiver } from '../../../src/receiver/receiver.ts';
import { LONG, NO_DELAYS, withServer } from '../../support/mock.ts';

describe('people in a meeting', () => {
  it('mutes, unmutes, lets speak, join and leave, and the receiver sees it all', async () => {
    const events: { event: string; text: string }[] = [];
    const receiver = await startReceiver({
      onEvent: (event) => {
        if (event.event !== 'audio_separate_raw.data')
          events.push({ event: event.event, text: JSON.stringify(event.data.data) });
      },
    });
    const quiet = { duration: 600, participants: [{ id: 100, name: 'Ada' }], timeline: [] };
    await withServer({ scenario: quiet, speed: 1, delays: NO_DELAYS }, async ({ bot, get, post, until }) => {
      const id = await bot({
        recording_config: {
          audio_separate_raw: {},
          transcript: { provider: { meeting_captions: {} } },
          realtime_endpoints: [
            {
              type: 'websocket',
              url: receiver.url,
              events: [
                'audio_separate_raw.data',
                'transcript.data',
                ...['join', 'leave', 'speech_on', 'speech_off'].map((name) => `participant_events.${name}`),
              ],
            },
          ],
        },
      });
      await until(id, 'in_call_recording');
      const session = `/_emulator/bots/${id}`;
      const advance = (seconds: number) => post('/_emulator/advance', { seconds });
      await advance(1);
      expect((await post(`${session}/participants/100/speak`, { duration: 1 })).body.code).toBe('muted');
      expect((await post(`${session}/participants/100/unmute`)).body).toMatchObject({ unmuted: true });
      expect((await post(`${session}/participants/100/unmute`)).status).toBe(409);
      const spoken = await post(`${session}/participants/100/speak`, { duration: 2, text: 'I am here' });
      expect(spoken.body.end_s - spoken.body.start_s).toBeCloseTo(2, 5);
      await advance(3);
      expect((await post(`${session}/participants`, { id: 900, name: 'Eve' })).status).toBe(201);
      expect((await post(`${session}/participants`, { id: 900 })).status).toBe(409);
      await post(`${session}/participants/900/unmute`);
      await advance(1);
      await post(`${session}/participants/900/leave`);
      await post(`${session}/participants/100/mute`);
      await advance(1);
      expect((await post(`${session}/participants/7/mute`)).status).toBe(404);
      const detail = (await get(session)).body;
      expect(detail.participants).toMatchObject([
        { id: 100, unmuted: false, connection: 'muted' },
        { id: 900, present: false },
      ]);
      expect(detail.scheduled).toBe(detail.sent + detail.dropped);
      await post(`/api/v1/bot/${id}/leave_call/`);
      const done = await until(id, 'done');
      const parts = (await get(done.recordings[0].media_shortcuts.audio_separate.data.download_url)).body;
      expect(parts.map(({ participant }: { participant: { id: number } }) => participant.id)).toEqual([
        100, 900,
      ]);
      expect(parts[0].duration).toBeGreaterThanOrEqual(4);
    });
    expect(receiver.stats().invalid).toBe(0);
    expect(events.map(({ event }) => event)).toEqual([
      'participant_events.join',
      'participant_events.speech_on',
      'participant_events.speech_off',
      'transcript.data',
      'participant_events.join',
      'participant_events.leave',
    ]);
    await receiver.close();
  });

  it('write, change, and have words recognised, as the recording has it, too', async () => {
    const scenario = { duration: 600, participants: [{ id: 100, name: 'Ada' }], timeline: [] };
    await withServer({ scenario, speed: 1, delays: NO_DELAYS }, async ({ bot, get, post, until }) => {
      const id = await bot({
        recording_config: { transcript: { provider: { meeting_captions: {} } }, participant_events: {} },
      });
      await until(id, 'in_call_recording');
      await post('/_emulator/advance', { seconds: 5 });
      const ada = `/_emulator/bots/${id}/participants/100`;
      expect((await post(`${ada}/chat`, { text: 'Hello', to: 'only_bot' })).status).toBe(200);
      expect((await post(`${ada}/update`, { name: 'Ada Byron' })).body.name).toBe('Ada Byron');
      expect((await post(`${ada}/transcript`, { text: 'one two' })).status).toBe(200);
      for (const [deed, body] of [
        ['chat', {}],
        ['update', {}],
        ['transcript', { text: ' ' }],
      ] as const)
        expect((await post(`${ada}/${deed}`, body)).status, deed).toBe(400);
      await post(`/api/v1/bot/${id}/pause_recording/`);
      expect(await post(`${ada}/chat`, { text: 'x' })).toMatchObject({
        status: 409,
        body: { code: 'paused' },
      });
      expect((await post(`${ada}/update`, { email: 'ada@example.com' })).status).toBe(200);
      await post(`/api/v1/bot/${id}/resume_recording/`);
      await post(`${ada}/leave`);
      expect(await post(`${ada}/chat`, { text: 'x' })).toMatchObject({
        status: 409,
        body: { code: 'absent' },
      });
      await post(`/api/v1/bot/${id}/leave_call/`);
      const { participant_events, transcript } = (await until(id, 'done')).recordings[0].media_shortcuts;
      const events = (await get(participant_events.data.participant_events_download_url)).body;
      expect(
        events.map(({ action, participant, data }: Record<string, { name?: string } | null>) => [
          action,
          participant?.name,
          data,
        ]),
      ).toEqual([
        ['join', 'Ada', null],
        ['chat_message', 'Ada', { text: 'Hello', to: 'only_bot' }],
        ['update', 'Ada Byron', null],
        ['update', 'Ada Byron', null],
        ['leave', 'Ada Byron', null],
      ]);
      const [{ words }] = (await get(transcript.data.download_url)).body;
      expect(words.map(({ text }: { text: string }) => text)).toEqual(['one', 'two']);
      expect(words[0].start_timestamp.relative).toBeGreaterThan(4);
    });
  });

  it('are asked of a bot that there is, that records, and that knows them', async () => {
    await withServer({ scenario: LONG, speed: 1, delays: NO_DELAYS }, async ({ bot, post, until }) => {
      const mute = (id: string, who: string) => post(`/_emulator/bots/${id}/participants/${who}/mute`);
      expect(await mute('x', '100')).toMatchObject({
        status: 404,
        body: { detail: 'There is no such bot of this API key.' },
      });
      const later = await bot({ join_at: new Date(Date.now() + 3_600_000).toISOString() });
      expect(await mute(later, '100')).toMatchObject({
        status: 409,
        body: { code: 'not_recording', detail: 'The bot is ready: it does not record.' },
      });
      const now = await bot();
      await until(now, 'in_call_recording');
      for (const who of ['7', 'ada', '-1', '1e2', '9'.repeat(30)])
        expect(await mute(now, who), who).toMatchObject({
          status: 404,
          body: { code: 'unknown_participant' },
        });
    });
  });
});
