/** When recordings start, what a second one finds, and what is told of meetings that end before their time. */
import { describe, expect, it } from 'vitest';
import { meeting } from '../../src/scenario/builder.ts';
import { type Client, LATE, NO_DELAYS, SHORT, withServer } from '../support/mock.ts';

interface Download {
  readonly participant: { readonly id: number };
  readonly words: readonly {
    readonly text: string;
    readonly start_timestamp: { readonly relative: number };
  }[];
}

async function recordedFrom(client: Client, start_recording_on?: string) {
  const id = await client.bot({
    recording_config: {
      ...(start_recording_on === undefined ? {} : { start_recording_on }),
      audio_separate_raw: {},
      transcript: { provider: { recallai_streaming: {} } },
    },
  });
  const bot = await client.until(id, 'done');
  const times: Record<string, number> = Object.fromEntries(
    bot.status_changes.map(({ code, created_at }: { code: string; created_at: string }) => [
      code,
      Date.parse(created_at),
    ]),
  );
  const [recording] = bot.recordings;
  const shortcuts = recording?.media_shortcuts;
  const read = async (url: string | undefined) => (url === undefined ? [] : (await client.get(url)).body);
  return {
    subCode: bot.status_changes.find(({ code }: { code: string }) => code === 'call_ended').sub_code,
    /** Seconds in the call before the recording. */
    waited: (times.in_call_recording! - times.in_call_not_recording!) / 1_000,
    ended: (times.call_ended! - times.in_call_not_recording!) / 1_000,
    events: await read(shortcuts?.participant_events.data.participant_events_download_url),
    transcript: (await read(shortcuts?.transcript.data.download_url)) as Download[],
    audio: (await read(shortcuts?.audio_separate.data.download_url)) as { readonly duration: number }[],
    recordings: bot.recordings.length,
  };
}

describe('start_recording_on', () => {
  it.each([
    ['call_join', 0, 10, 20],
    ['participant_join', 10, 0, 10],
    [undefined, 10, 0, 10],
    ['participant_speak', 20, 0, 0],
  ])('%s starts recording after %s s of the scenario', async (on, waited, firstJoin, firstWord) => {
    await withServer({ scenario: LATE, delays: NO_DELAYS }, async (client) => {
      const seen = await recordedFrom(client, on);
      expect(seen.waited).toBe(waited);
      // The call ends when the scenario does, whenever the recording began.
      expect([seen.ended, seen.subCode]).toEqual([60, 'call_ended_by_host']);
      expect(seen.events[0]).toMatchObject({ action: 'join', timestamp: { relative: firstJoin } });
      expect(seen.transcript[0]?.words[0]?.start_timestamp.relative).toBe(firstWord);
      expect(seen.transcript[0]?.words.map(({ text }) => text).join(' ')).toBe('One two three four five.');
    });
  });

  it('records nothing of a meeting to which nobody comes, and leaves when that has lasted', async () => {
    const empty = meeting({ duration: 60 })
      .participant({ id: 1 }, (one) => one.join(59).unmute(59.5))
      .build();
    await withServer({ scenario: empty, delays: NO_DELAYS }, async (client) => {
      const id = await client.bot({ automatic_leave: { noone_joined_timeout: 30 } });
      const { recordings, status_changes } = await client.until(id, 'done');
      expect(recordings).toEqual([]);
      expect(status_changes.at(-2)).toMatchObject({
        code: 'call_ended',
        sub_code: 'timeout_exceeded_noone_joined',
      });
    });
    // Nobody ever speaks: the bot stays until the meeting is over.
    await withServer({ scenario: empty, delays: NO_DELAYS }, async (client) => {
      const { recordings } = await recordedFrom(client, 'participant_speak');
      expect(recordings).toBe(1);
    });
  });

  it('loses nothing of what it waited for when the process is late', async () => {
    const scenario = meeting({ duration: 1.5 })
      .participant({ id: 100 }, (one) => one.unmute(0).speak(0.3, { duration: 1, text: 'One two three.' }))
      .build();
    const onActivity = ({ text }: { text: string }): void => {
      if (text === 'recording_permission_allowed')
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 600);
    };
    await withServer({ scenario, delays: NO_DELAYS, speed: 1, onActivity }, async (client) => {
      const { transcript, audio } = await recordedFrom(client, 'participant_speak');
      expect(transcript[0]?.words.map(({ text }) => text)).toEqual(['One', 'two', 'three.']);
      expect(transcript[0]?.words[0]?.start_timestamp.relative).toBe(0);
      expect(audio.map(({ duration }) => duration)).toEqual([1.2]);
    });
  });

  it('is overtaken by the command to start', async () => {
    const options = { scenario: LATE, delays: NO_DELAYS, speed: 1 };
    await withServer(options, async ({ bot, until, post, get }) => {
      const id = await bot({ recording_config: { audio_separate_raw: {} } });
      await until(id, 'in_call_not_recording');
      await post('/_emulator/advance', { seconds: 4 });
      expect((await post(`/api/v1/bot/${id}/start_recording/`)).status).toBe(200);
      await until(id, 'in_call_recording');
      await post('/_emulator/advance', { seconds: 7 });
      const { participants } = (await get(`/_emulator/bots/${id}`)).body;
      expect(participants.map(({ present }: { present: boolean }) => present)).toEqual([true, false]);
    });
  });
});

describe('a second recording', () => {
  it('finds whoever is there, and the bot stays', async () => {
    const talk = meeting({ duration: 300 })
      .participant({ id: 100, name: 'Ada' }, (ada) => ada.unmute(0).speak(4, { duration: 200 }))
      .participant({ id: 200, name: 'Bo' }, (bo) => bo.unmute(1).leave(5))
      .build();
    const options = { scenario: talk, delays: NO_DELAYS, speed: 1 };
    await withServer(options, async ({ bot, until, post, get }) => {
      const id = await bot({ recording_config: { audio_separate_raw: {} } });
      await until(id, 'in_call_recording');
      await post('/_emulator/advance', { seconds: 10 });
      expect((await post(`/api/v1/bot/${id}/stop_recording/`)).status).toBe(200);
      await post('/_emulator/advance', { seconds: 10 });
      await post(`/api/v1/bot/${id}/start_recording/`);
      await post('/_emulator/advance', { seconds: 30 });
      const { participants } = (await get(`/_emulator/bots/${id}`)).body;
      expect(participants.map(({ present }: { present: boolean }) => present)).toEqual([true, false]);
      await post(`/api/v1/bot/${id}/leave_call/`);
      const { recordings, status_changes } = await until(id, 'done');
      expect(status_changes.at(-2).sub_code).toBe('bot_received_leave_call');
      const { data } = recordings[1].media_shortcuts.participant_events;
      const events = (await get(data.participant_events_download_url)).body;
      expect(
        events.map(({ action, participant, timestamp }: never) => [
          action,
          (participant as { id: number }).id,
          (timestamp as { relative: number }).relative,
        ]),
      ).toEqual([
        ['join', 100, 0],
        ['speech_on', 100, 0],
        ['speech_off', 100, expect.any(Number)],
      ]);
    });
  });

  it('may begin in the moment in which a pause ended', async () => {
    const options = { delays: NO_DELAYS, speed: 1, scenario: { ...SHORT, duration: 300 } };
    await withServer(options, async ({ bot, until, post }) => {
      const id = await bot({ recording_config: { audio_separate_raw: {} } });
      await until(id, 'in_call_recording');
      const command = (name: string) => post(`/api/v1/bot/${id}/${name}/`);
      const answers = await Promise.all(
        ['pause_recording', 'resume_recording', 'stop_recording', 'start_recording'].map(command),
      );
      expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
      await post('/_emulator/advance', { seconds: 30 });
      await command('leave_call');
      const { recordings } = await until(id, 'done');
      expect(recordings.map(({ status }: { status: { code: string } }) => status.code)).toEqual([
        'done',
        'done',
      ]);
    });
  });
});

describe('a meeting that the app ends early', () => {
  it('is told and counted; one that ends by itself is not', async () => {
    const said: string[] = [];
    const options = {
      scenario: LATE,
      delays: NO_DELAYS,
      speed: 1,
      onActivity: ({ text }: { text: string }) => void said.push(text),
    };
    await withServer(options, async ({ bot, until, post, server }) => {
      const id = await bot();
      await until(id, 'in_call_not_recording');
      await post('/_emulator/advance', { seconds: 40 });
      await post(`/api/v1/bot/${id}/leave_call/`);
      await until(id, 'done');
      const whole = await bot();
      await until(whole, 'in_call_not_recording');
      await post('/_emulator/advance', { seconds: 100 });
      await until(whole, 'done');
      expect(server.stats()).toMatchObject({ bots: 2, endedEarly: 1, ok: true });
    });
    expect(said.filter((text) => text.startsWith('told to leave'))).toEqual([
      expect.stringMatching(/^told to leave (19|20)\.\d s before the end of its meeting$/),
    ]);
  });
});

describe('two recordings of a bot', () => {
  it('have real-time endpoints of their own', async () => {
    await withServer({ scenario: LATE, delays: NO_DELAYS, speed: 1 }, async (client) => {
      const endpoint = { type: 'webhook', url: 'http://127.0.0.1:1/', events: ['participant_events.join'] };
      const config = { start_recording_on: 'call_join', realtime_endpoints: [endpoint] };
      const id = await client.bot({ recording_config: config });
      await client.until(id, 'in_call_recording');
      await client.post(`/api/v1/bot/${id}/stop_recording/`);
      await client.post(`/api/v1/bot/${id}/start_recording/`);
      const { results } = (await client.get(`/api/v1/recording/?bot_id=${id}`)).body;
      const endpoints = results.map((recording: { realtime_endpoints: { id: string }[] }) =>
        recording.realtime_endpoints.map((each) => each.id),
      );
      expect(endpoints.map((ids: string[]) => ids.length)).toEqual([1, 1]);
      expect(new Set(endpoints.flat()).size).toBe(2);
    });
  });
});
