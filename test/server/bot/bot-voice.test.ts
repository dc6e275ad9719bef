/** A bot that speaks, and is recorded. */
import { describe, expect, it } from 'vitest';
import { Mp3Encoder } from '../../../src/audio/encode/mp3.ts';
import { startReceiver } from '../../../src/receiver/receiver.ts';
import { meeting } from '../../../src/scenario/builder.ts';
import { NO_DELAYS, withServer, ZOOM } from '../../support/mock.ts';
import { until as eventually } from '../../support/until.ts';

/** Ada is there and silent for a while. */
const QUIET = meeting({ duration: 3_000 })
  .participant({ id: 100, name: 'Ada' }, (ada) => ada.join(0).leave(2_990))
  .build();

/** A loud tone, as an MP3. */
async function tone(hertz: number, seconds = 1): Promise<string> {
  const pcm = Int16Array.from({ length: 16_000 * seconds }, (_, at) =>
    Math.round(12_000 * Math.sin((2 * Math.PI * hertz * at) / 16_000)),
  );
  const encoder = await Mp3Encoder.create();
  const frames = [encoder.encode(pcm), encoder.finish()];
  return Buffer.concat([encoder.info(), ...frames]).toString('base64');
}

/** How much of a frequency is in the samples: 0 to some 0.5 for a tone alone. */
function share(pcm: Int16Array, hertz: number): number {
  let cosine = 0;
  let sine = 0;
  let power = 0;
  for (const [at, sample] of pcm.entries()) {
    cosine += sample * Math.cos((2 * Math.PI * hertz * at) / 16_000);
    sine += sample * Math.sin((2 * Math.PI * hertz * at) / 16_000);
    power += sample ** 2;
  }
  return (cosine ** 2 + sine ** 2) / (power * pcm.length);
}

interface Message {
  readonly event: string;
  readonly data: {
    readonly data: {
      readonly buffer: string;
      readonly participant: { readonly name: string };
      readonly timestamp: { readonly relative: number };
    };
  };
}

/** Its loud samples, of all that was sent of it. */
function heard(messages: readonly Message[], event: string, name?: string): Int16Array {
  const samples = messages
    .filter(
      (each) => each.event === event && (name === undefined || each.data.data.participant.name === name),
    )
    .flatMap(({ data }) => {
      const bytes = Buffer.from(data.data.buffer, 'base64');
      return Array.from({ length: bytes.length / 2 }, (_, at) => bytes.readInt16LE(2 * at));
    });
  const first = samples.findIndex((sample) => Math.abs(sample) > 3_000);
  const last = samples.findLastIndex((sample) => Math.abs(sample) > 3_000);
  return Int16Array.from(first === -1 ? [] : samples.slice(first, last + 1));
}

const config = (url: string, more: object = {}) => ({
  audio_separate_raw: {},
  audio_mixed_raw: {},
  include_bot_in_recording: { audio: true },
  realtime_endpoints: [
    { type: 'websocket', url, events: ['audio_separate_raw.data', 'audio_mixed_raw.data'] },
  ],
  ...more,
});

describe('a bot in its own recording', () => {
  it('is a participant whose output is in its stream, the mix and what is kept', async () => {
    const messages: Message[] = [];
    const receiver = await startReceiver({ onEvent: (event) => messages.push(event as never) });
    await withServer({ scenario: QUIET, delays: NO_DELAYS, speed: 1 }, async ({ bot, until, post, get }) => {
      const id = await bot({ bot_name: 'Scribe', recording_config: config(receiver.url) });
      await until(id, 'in_call_recording');
      await post('/_emulator/advance', { seconds: 2 });
      const audio = { kind: 'mp3', b64_data: await tone(440) };
      expect((await post(`/api/v1/bot/${id}/output_audio/`, audio)).status).toBe(200);
      await post('/_emulator/advance', { seconds: 3 });
      await post(`/api/v1/bot/${id}/leave_call/`);
      const { recordings } = await until(id, 'done');
      await eventually(() => heard(messages, 'audio_separate_raw.data', 'Scribe').length > 15_000);
      for (const pcm of [
        heard(messages, 'audio_separate_raw.data', 'Scribe'),
        heard(messages, 'audio_mixed_raw.data'),
      ]) {
        expect(Math.abs(pcm.length - 16_000)).toBeLessThan(600);
        expect(share(pcm, 440)).toBeGreaterThan(0.4);
      }
      const { media_shortcuts } = recordings[0];
      const parts = (await get(media_shortcuts.audio_separate.data.download_url)).body;
      expect(parts.map(({ participant }: never) => (participant as { name: string }).name)).toEqual([
        'Scribe',
      ]);
      const { data } = media_shortcuts.participant_events;
      const events = (await get(data.participant_events_download_url)).body;
      expect(
        events
          .filter(({ participant }: never) => (participant as { name: string }).name === 'Scribe')
          .map(({ action }: never) => action),
      ).toEqual(['join', 'speech_on', 'speech_off']);
    });
    await receiver.close();
  });

  it('says what it is to say when it records, and nothing any more when it is told to stop', async () => {
    const messages: Message[] = [];
    const receiver = await startReceiver({ onEvent: (event) => messages.push(event as never) });
    await withServer({ scenario: QUIET, delays: NO_DELAYS, speed: 1 }, async (client) => {
      const id = await client.bot({
        recording_config: config(receiver.url),
        automatic_audio_output: { in_call_recording: { data: { kind: 'mp3', b64_data: await tone(440) } } },
      });
      await client.until(id, 'in_call_recording');
      await client.post('/_emulator/advance', { seconds: 3 });
      await eventually(() => heard(messages, 'audio_separate_raw.data').length > 15_000);
      expect(share(heard(messages, 'audio_separate_raw.data', 'Meeting Notetaker'), 440)).toBeGreaterThan(
        0.4,
      );
      // A second one takes the place of the first, and is stopped long before its end.
      const before = messages.length;
      const path = `/api/v1/bot/${id}/output_audio/`;
      const [first, second] = [await tone(440, 40), await tone(880, 40)];
      await client.post(path, { kind: 'mp3', b64_data: first });
      await client.post(path, { kind: 'mp3', b64_data: second });
      await client.post('/_emulator/advance', { seconds: 3 });
      expect((await client.send('DELETE', path)).status).toBe(204);
      await client.post('/_emulator/advance', { seconds: 60 });
      await eventually(() => heard(messages.slice(before), 'audio_separate_raw.data').length > 10_000);
      await client.post(`/api/v1/bot/${id}/leave_call/`);
      await client.until(id, 'done');
      const all = heard(messages.slice(before), 'audio_separate_raw.data');
      expect(share(all.subarray(-16_000), 880)).toBeGreaterThan(0.4);
      expect(all.length).toBeLessThan(16_000 * 30);
    });
    await receiver.close();
  });

  it('does not keep the others waiting: when they have left, it leaves', async () => {
    const short = meeting({ duration: 600 })
      .participant({ id: 100, name: 'Ada' }, (ada) => ada.join(0).leave(5))
      .build();
    await withServer({ scenario: short, delays: NO_DELAYS }, async ({ bot, until }) => {
      const { status_changes } = await until(
        await bot({
          automatic_leave: { everyone_left_timeout: { timeout: 2, activate_after: 0 } },
          recording_config: { include_bot_in_recording: { audio: true } },
        }),
        'done',
      );
      expect(status_changes.at(-2).sub_code).toBe('timeout_exceeded_everyone_left');
    });
  });

  it('is told of output that is no MP3', async () => {
    await withServer({ scenario: QUIET, delays: NO_DELAYS, speed: 1 }, async ({ bot, until, post }) => {
      const recording_config = { include_bot_in_recording: { audio: true } };
      const b64_data = Buffer.from('no audio at all').toString('base64');
      const refused = await post('/api/v1/bot/', {
        meeting_url: ZOOM,
        recording_config,
        automatic_audio_output: { in_call_recording: { data: { kind: 'mp3', b64_data } } },
      });
      expect(refused.status).toBe(400);
      const id = await bot({ recording_config });
      await until(id, 'in_call_recording');
      const { status, body } = await post(`/api/v1/bot/${id}/output_audio/`, { kind: 'mp3', b64_data });
      expect([status, body.b64_data]).toEqual([400, [expect.stringContaining('cannot be decoded')]]);
      const wav = Buffer.from('RIFF....WAVEfmt ').toString('base64');
      const path = `/api/v1/bot/${id}/output_audio/`;
      expect((await post(path, { kind: 'mp3', b64_data: wav })).body).toEqual({
        b64_data: ['This is a WAV: Recall takes MP3 only.'],
      });
      expect((await post(path, { kind: 'wav', b64_data: wav })).body).toEqual({
        kind: ['"wav" is not a valid choice.'],
      });
    });
  });

  it('never shows the files that it was given', async () => {
    await withServer({}, async ({ bot, get, post }) => {
      const picture = { kind: 'jpeg', b64_data: 'AAAA' };
      const audio = { data: { kind: 'mp3', b64_data: await tone(440) }, replay_on_participant_join: null };
      const id = await bot({
        automatic_audio_output: { in_call_recording: audio },
        // As the vendor's sample has it: once as it is, once wrapped.
        automatic_video_output: { in_call_not_recording: picture, in_call_recording: { data: picture } },
      });
      expect((await get(`/api/v1/bot/${id}/`)).body).toMatchObject({
        automatic_audio_output: {
          in_call_recording: { data: { kind: 'mp3' }, replay_on_participant_join: null },
        },
        automatic_video_output: {
          in_call_not_recording: { kind: 'jpeg' },
          in_call_recording: { data: { kind: 'jpeg' } },
        },
      });
      expect(JSON.stringify((await get('/api/v1/bot/')).body)).not.toContain('b64_data');
      const asked = { automatic_audio_output: { in_call_recording: { data: { b64_data: 'AAAA' } } } };
      expect((await post('/api/v1/bot/', { meeting_url: ZOOM, ...asked })).body).toEqual({
        automatic_audio_output: { in_call_recording: { data: { kind: ['This field is required.'] } } },
      });
    });
  });
});

describe('what a bot shows', () => {
  it('is taken, ended and told, and is told once to be not emulated', async () => {
    const said: string[] = [];
    const onActivity = ({ text }: { text: string }) => void said.push(text);
    await withServer({ scenario: QUIET, delays: NO_DELAYS, speed: 1, onActivity }, async (client) => {
      const id = await client.bot();
      await client.until(id, 'in_call_recording');
      for (const output of ['output_video', 'output_screenshare', 'output_media']) {
        const path = `/api/v1/bot/${id}/${output}/`;
        for (let time = 0; time < 2; time++) {
          const { status, body } = await client.post(path, { kind: 'jpeg', b64_data: 'AAAA' });
          expect([status, body.id]).toEqual([200, id]);
        }
        expect((await client.send('DELETE', path)).status).toBe(204);
        expect(said.filter((text) => text === `accepted, not emulated: ${output}`)).toHaveLength(1);
        expect(said.filter((text) => text.startsWith(output))).toEqual([
          `${output} begins`,
          `${output} begins`,
          `${output} ends`,
        ]);
      }
    });
  });
});
