import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { WebSocketServer } from 'ws';
import { downloadSchemas } from '../../../../src/protocol/index.ts';
import { meeting } from '../../../../src/scenario/builder.ts';
import { type Client, withHooks, withServer, ZOOM } from '../../../support/mock.ts';
import { until } from '../../../support/until.ts';

/** Two people, three utterances. */
const TALK = meeting({ title: 'Talk', duration: 6 })
  .participant({ id: 100, name: 'Ada' }, (ada) =>
    ada
      .unmute(0)
      .speak(0, { duration: 1, text: 'Good morning, Bo!' })
      .speak(4, { duration: 1, text: 'Bye.' }),
  )
  .participant({ id: 200, name: 'Bo' }, (bo) => bo.unmute(0).speak(2, { duration: 1, text: 'Hello.' }))
  .build();

async function doneWith(client: Client, transcript: object, more: object = {}) {
  const bot = await client.until(await client.bot({ recording_config: { transcript, ...more } }), 'done');
  const [recording] = bot.recordings;
  return { bot, recording, transcript: recording.media_shortcuts.transcript };
}

describe('providers of transcripts', () => {
  it.each([
    ['recallai_streaming', { language_code: 'auto', filter_profanity: false, mode: 'prioritize_accuracy' }],
    ['meeting_captions', {}],
    ['rev_streaming', {}],
    ['gladia_v2_streaming', { model: 'solaria-1', endpointing: 0.05, callback: false }],
    ['deepgram_streaming', { diarize: 'false', endpointing: '10', language: 'en', version: 'latest' }],
    ['assembly_ai_v3_streaming', { format_turns: false, max_turn_silence: '2400' }],
    ['assembly_ai_async_chunked', { speech_model: 'best', speakers_expected: null, punctuate: true }],
    // Newer than the document, and of nobody.
    ['elevenlabs_streaming', {}],
  ])('%s is taken, and shown with its defaults', async (name, defaults) => {
    await withServer({ scenario: TALK }, async (client) => {
      const { bot, transcript } = await doneWith(client, { provider: { [name]: { key_terms: ['Bo'] } } });
      for (const { provider } of [bot.recording_config.transcript, transcript]) {
        expect(Object.keys(provider)).toEqual([name]);
        expect(provider[name]).toMatchObject({ ...defaults, key_terms: ['Bo'] });
      }
      expect(transcript.diarization).toBeNull();
      const other = { provider: { [name]: { language_code: 'de' } }, diarization: {} };
      const shown = (await doneWith(client, other)).transcript;
      expect(shown.provider[name].language_code).toBe('de');
      expect(shown.diarization).toEqual({ use_separate_streams_when_available: false });
    });
  });

  it.each([
    [{ speechmatics_streaming: {} }, { speechmatics_streaming: { language: ['This field is required.'] } }],
    [
      { aws_transcribe_streaming: { identify_language: true } },
      {
        aws_transcribe_streaming: {
          language_code: ['Specify language_code, or identify_language and language_options.'],
        },
      },
    ],
    [
      { recallai_streaming: { mode: 'fast', language_code: 'en-US' } },
      {
        recallai_streaming: {
          language_code: ['"en-US" is not a valid choice.'],
          mode: ['"fast" is not a valid choice.'],
        },
      },
    ],
    [
      { deepgram_streaming: 7 },
      { deepgram_streaming: ['Invalid data. Expected a dictionary, but got int.'] },
    ],
  ])('are not told what they must be told: %j', async (provider, problems) => {
    await withServer({}, async ({ post }) => {
      const answer = await post('/api/v1/bot/', {
        meeting_url: ZOOM,
        recording_config: { transcript: { provider } },
      });
      expect([answer.status, answer.body]).toEqual([
        400,
        { recording_config: { transcript: { provider: problems } } },
      ]);
    });
  });

  it.each([
    { aws_transcribe_streaming: { identify_language: true, language_options: 'en-US,fr-FR' } },
    { aws_transcribe_streaming: { language_code: 'en-US' } },
    { speechmatics_streaming: { language: 'en' } },
  ])('are told enough: %j', async (provider) => {
    await withServer({}, async ({ post }) => {
      const recording_config = { transcript: { provider } };
      expect((await post('/api/v1/bot/', { meeting_url: ZOOM, recording_config })).status).toBe(201);
    });
  });

  it('make transcripts afterwards, at most ten of a recording', async () => {
    await withServer({ scenario: TALK }, async (client) => {
      const { recording } = await doneWith(client, { provider: { meeting_captions: {} } });
      const make = (body: object) =>
        client.post(`/api/v1/recording/${recording.id}/create_transcript/`, body);
      const one = await make({ provider: { gladia_v2_async: {} }, diarization: {}, metadata: { a: 'b' } });
      expect(one).toMatchObject({
        status: 200,
        body: {
          provider: { gladia_v2_async: { detect_language: true, custom_vocabulary: false } },
          diarization: { use_separate_streams_when_available: false },
          metadata: { a: 'b' },
        },
      });
      const defaults = {
        recallai_async: { language_code: 'auto', filter_profanity: false },
        deepgram_async: { diarize: false, model: 'base-general', utt_split: 0.8 },
        assembly_ai_async: { language_code: 'en_us', webhook_auth_header_name: null },
        rev_async: {},
        speechmatics_async: {},
      };
      for (const [name, expected] of Object.entries(defaults)) {
        const { body } = await make({ provider: { [name]: {} } });
        expect(body.provider[name]).toMatchObject(expected);
      }
      expect((await make({ provider: { recallai_async: { language_code: 'xx' } } })).status).toBe(400);
      for (let count = 6; count < 10; count++)
        expect((await make({ provider: { rev_async: {} } })).status).toBe(200);
      expect((await make({ provider: { rev_async: {} } })).body.code).toBe('too_many_transcripts');
      await client.send('DELETE', `/api/v1/transcript/${one.body.id}/`);
      expect((await make({ provider: { rev_async: {} } })).status).toBe(200);
    });
  });
});

/** Words by their times, as Deepgram has them. */
const DEEPGRAM_HELLO = {
  transcript: 'Hello.',
  confidence: 1,
  words: [{ word: 'hello', start: 2, end: 3, confidence: 1, punctuated_word: 'Hello.', speaker: 1 }],
};

interface Told {
  readonly event: string;
  // biome-ignore lint/suspicious/noExplicitAny: looked into by the assertions
  readonly data: any;
}

/** What an app is sent of TALK, by webhook or over a WebSocket, and the transcript. */
async function toldOf(transcript: object, type: 'webhook' | 'websocket') {
  const overSocket: Told[] = [];
  const receiver = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  receiver.on('connection', (socket) =>
    socket.on('message', (text) => overSocket.push(JSON.parse(String(text)))),
  );
  await once(receiver, 'listening');
  const wsUrl = `ws://127.0.0.1:${(receiver.address() as AddressInfo).port}/`;
  try {
    return await withHooks((app) =>
      withServer({ scenario: TALK, connections: 'per-endpoint' }, async (client) => {
        const url = type === 'webhook' ? app.url : wsUrl;
        const realtime_endpoints = [{ type, url, events: ['transcript.provider_data', 'transcript.data'] }];
        const { transcript: media } = await doneWith(client, transcript, { realtime_endpoints });
        const told = (): Told[] => (type === 'webhook' ? app.hooks.map(({ body }) => body) : overSocket);
        const finals = () => told().filter(({ event }) => event === 'transcript.data');
        await until(() => finals().length === 3);
        const link = media.data.provider_data_download_url;
        return { media, told: told(), parts: link && (await client.get(link)).body.parts };
      }),
    );
  } finally {
    for (const socket of receiver.clients) socket.terminate();
    await new Promise((resolve) => receiver.close(resolve));
  }
}

const isProvided = ({ event }: Told): boolean => event === 'transcript.provider_data';

describe('provider data', () => {
  it.each(['webhook', 'websocket'] as const)('comes by %s, and is downloaded as it came', async (type) => {
    const asked = { provider: { deepgram_streaming: { diarize: 'true' } }, metadata: { kind: 'raw' } };
    const { media, told, parts } = await toldOf(asked, type);
    expect(told.map(({ event }) => event)).toEqual(
      Array(3).fill(['transcript.provider_data', 'transcript.data']).flat(),
    );
    const provided = told.filter(isProvided);
    expect(provided[1]!.data).toMatchObject({
      data: {
        source_audio: { type: 'mixed', offset: 0, participant: null },
        type: 'websocket_message',
        data: { url: 'wss://api.deepgram.com/v1/listen', event: 'message' },
      },
      transcript: { id: media.id, metadata: { kind: 'raw' } },
    });
    const { payload } = provided[1]!.data.data.data;
    expect(payload).toMatchObject({ type: 'Results', start: 2, duration: 1, is_final: true });
    expect(payload.channel.alternatives).toEqual([DEEPGRAM_HELLO]);
    expect(
      provided.map(({ data }) => data.data.data.payload.channel.alternatives[0].words[0].speaker),
    ).toEqual([0, 1, 0]);
    downloadSchemas['provider_data/{transcript_id}'].parse({ parts });
    expect(parts).toEqual(provided.map(({ data }) => data.data));
  });

  it.each([
    { provider: { recallai_streaming: {} } },
    { provider: { meeting_captions: {} } },
    { provider: { deepgram_streaming: {} }, diarization: { use_separate_streams_when_available: true } },
  ])('is not there with %j', async (asked) => {
    const { told, parts } = await toldOf(asked, 'webhook');
    expect([told.some(isProvided), parts]).toEqual([false, null]);
  });

  it('has speakers only where they are asked for', async () => {
    const { parts } = await toldOf({ provider: { deepgram_streaming: {} } }, 'webhook');
    const [{ words }] = parts[1].data.payload.channel.alternatives;
    expect(words[0]).toEqual({ word: 'hello', start: 2, end: 3, confidence: 1, punctuated_word: 'Hello.' });
  });

  it('has the form of AssemblyAI, and a plain one of others', async () => {
    const payloads = async (name: string) => {
      const { parts } = await toldOf({ provider: { [name]: {} } }, 'webhook');
      return parts.map(({ data }: Told) => data.payload ?? data.body);
    };
    const [, turn] = await payloads('assembly_ai_v3_streaming');
    expect(turn).toEqual({
      type: 'Turn',
      turn_order: 1,
      turn_is_formatted: false,
      end_of_turn: true,
      end_of_turn_confidence: 1,
      transcript: 'Hello.',
      words: [{ text: 'Hello.', start: 2_000, end: 3_000, confidence: 1, word_is_final: true }],
    });
    const [, chunk] = await payloads('assembly_ai_async_chunked');
    expect(chunk).toMatchObject({ status: 'completed', text: 'Hello.' });
    const [, plain] = await payloads('gladia_v2_streaming');
    expect(plain).toEqual({ transcript: 'Hello.', words: [{ text: 'Hello.', start: 2, end: 3 }] });
  });

  it('of a transcript that is made afterwards is one answer, and goes with it', async () => {
    await withServer({ scenario: TALK }, async (client) => {
      const { recording } = await doneWith(client, { provider: { meeting_captions: {} } });
      const made = async (name: string) => {
        const path = `/api/v1/recording/${recording.id}/create_transcript/`;
        return (await client.post(path, { provider: { [name]: {} } })).body;
      };
      const deepgram = await made('deepgram_async');
      const link = deepgram.data.provider_data_download_url;
      const { parts } = (await client.get(link)).body;
      downloadSchemas['provider_data/{transcript_id}'].parse({ parts });
      expect(parts).toHaveLength(1);
      expect(parts[0]).toMatchObject({ type: 'http_response', data: { status_code: 200 } });
      const [{ transcript }] = parts[0].data.body.results.channels[0].alternatives;
      expect(transcript).toBe('Good morning, Bo! Hello. Bye.');
      expect((await made('recallai_async')).data.provider_data_download_url).toBeNull();
      const url = new URL(link);
      url.pathname = url.pathname.replace(deepgram.id, recording.id);
      expect((await client.get(url.href)).status).toBe(403);
      await client.send('DELETE', `/api/v1/transcript/${deepgram.id}/`);
      expect((await client.get(link)).status).toBe(404);
    });
  });
});
