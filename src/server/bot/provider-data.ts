/**
 * Provider data: what a transcription provider has answered, as it answered it ("Download Schemas", 2025-06). What stands in the
 * answers is **our choice**, in the provider's own form for Deepgram and AssemblyAI. Words and times are those of the transcript.
 */
import type { Ids } from '../../protocol/ids.ts';
import { formatAbsolute } from '../../protocol/timestamp.ts';
import type { TranscriptWord } from '../../protocol/transcript.ts';
import type { BotRecord, RecordingRecord } from '../store/records.ts';

/** One message or answer of the provider. */
export interface ProviderPart {
  readonly id: string;
  readonly created_at: string;
  /** All providers hear the mix: where they hear participants one by one there is no provider data. */
  readonly source_audio: { readonly type: 'mixed'; readonly offset: 0; readonly participant: null };
  readonly type: 'http_response' | 'websocket_message';
  readonly data: Readonly<Record<string, unknown>>;
}

interface Provider {
  readonly name: string;
  readonly settings: Readonly<Record<string, unknown>>;
}

/** As a bot or `create_transcript` asks for it. */
interface Asked {
  readonly provider?: Readonly<Record<string, unknown>> | undefined;
  readonly diarization?: Readonly<Record<string, unknown>> | undefined;
}

type Utterances = RecordingRecord['content']['transcript'];

/**
 * Undefined where there is no provider data: of Recall's own transcription, of captions, which no provider makes, and where each
 * participant is transcribed by themselves ("Accessing text-to-speech provider-specific fields", 2026).
 */
export function providerWithData(asked: Asked | null | undefined): Provider | undefined {
  const [[name, settings] = []] = Object.entries(asked?.provider ?? {});
  if (name === undefined || /^(recallai_|meeting_captions$|zoom_rtms$)/.test(name)) return undefined;
  if (asked?.diarization?.use_separate_streams_when_available === true) return undefined;
  return { name, settings: { ...(settings as Provider['settings'] | null) } };
}

/** Of the words that were said last, for `transcript.provider_data`. */
export function lastProviderPart(
  ids: Ids,
  { request }: BotRecord,
  recording: RecordingRecord,
): ProviderPart | undefined {
  const provider = providerWithData(request.recording_config?.transcript);
  const index = recording.content.transcript.length - 1;
  return provider && partOf(ids, recording, provider, index);
}

/** Of a whole transcript: what its provider has sent while it listened, or its one answer. */
export function providerData(
  ids: Ids,
  recording: RecordingRecord,
  provider: Provider,
): { readonly parts: readonly ProviderPart[] } {
  const { transcript } = recording.content;
  if (!provider.name.endsWith('_async'))
    return { parts: transcript.map((_, index) => partOf(ids, recording, provider, index)) };
  const id = ids.uuid(`provider_data ${recording.id} ${provider.name}`);
  const part = { id, created_at: recording.completedAt ?? recording.startedAt };
  return { parts: [answerOf(part, provider, transcript)] };
}

/** Of one utterance. The event and the download have the same ids. */
function partOf(ids: Ids, recording: RecordingRecord, provider: Provider, index: number): ProviderPart {
  const said = recording.content.transcript[index]!;
  const end = said.words.at(-1)?.end_timestamp?.relative ?? 0;
  const part = {
    id: ids.uuid(`provider_data ${recording.id} ${index}`),
    created_at: formatAbsolute(recording.startMicros + Math.round(end * 1e6)),
  };
  if (provider.name.includes('_async')) return answerOf(part, provider, [said]);
  const speakers = [...new Set(recording.content.transcript.map(({ participant }) => participant.id))];
  return messageOf(part, provider, said.words, speakers.indexOf(said.participant.id), index);
}

type PartHead = Pick<ProviderPart, 'id' | 'created_at'>;

const SOURCE = { type: 'mixed', offset: 0, participant: null } as const;
/** Our words are certain. */
const CONFIDENCE = 1;

function messageOf(
  head: PartHead,
  { name, settings }: Provider,
  words: readonly TranscriptWord[],
  speaker: number,
  turn: number,
): ProviderPart {
  const message = (url: string, payload: object): ProviderPart => ({
    ...head,
    source_audio: SOURCE,
    type: 'websocket_message',
    data: { url, event: 'message', payload },
  });
  const start = words[0]?.start_timestamp.relative ?? 0;
  switch (name) {
    case 'deepgram_streaming': {
      const isDiarized = String(settings.diarize) === 'true';
      return message('wss://api.deepgram.com/v1/listen', {
        type: 'Results',
        channel_index: [0, 1],
        start,
        duration: (words.at(-1)?.end_timestamp?.relative ?? start) - start,
        is_final: true,
        speech_final: true,
        channel: deepgramChannel(words, isDiarized ? speaker : undefined),
      });
    }
    case 'assembly_ai_v3_streaming':
      return message('wss://streaming.assemblyai.com/v3/ws', {
        type: 'Turn',
        turn_order: turn,
        turn_is_formatted: String(settings.format_turns) === 'true',
        end_of_turn: true,
        end_of_turn_confidence: CONFIDENCE,
        transcript: textOf(words),
        words: assemblyWords(words).map((word) => ({ ...word, word_is_final: true })),
      });
    default:
      return message(`wss://${name}.invalid/`, plainly(words));
  }
}

function answerOf(head: PartHead, { name }: Provider, said: Utterances): ProviderPart {
  const answer = (url: string, body: object): ProviderPart => ({
    ...head,
    source_audio: SOURCE,
    type: 'http_response',
    data: { url, status_code: 200, body },
  });
  const words = said.flatMap((utterance) => utterance.words);
  if (name === 'deepgram_async')
    return answer('https://api.deepgram.com/v1/listen', { results: { channels: [deepgramChannel(words)] } });
  if (name.startsWith('assembly_ai_')) {
    const body = { status: 'completed', text: textOf(words), words: assemblyWords(words) };
    return answer('https://api.assemblyai.com/v2/transcript', { ...body, confidence: CONFIDENCE });
  }
  return answer(`https://${name}.invalid/`, plainly(words));
}

function deepgramChannel(words: readonly TranscriptWord[], speaker?: number): object {
  return {
    alternatives: [
      {
        transcript: textOf(words),
        confidence: CONFIDENCE,
        words: words.map(({ text, start_timestamp, end_timestamp }) => ({
          word: text.toLowerCase().replaceAll(/[^\p{L}\p{N}'-]/gu, ''),
          start: start_timestamp.relative,
          end: end_timestamp?.relative ?? start_timestamp.relative,
          confidence: CONFIDENCE,
          punctuated_word: text,
          ...(speaker !== undefined && { speaker }),
        })),
      },
    ],
  };
}

/** Times are in milliseconds. */
function assemblyWords(words: readonly TranscriptWord[]): object[] {
  const ms = (seconds: number): number => Math.round(seconds * 1_000);
  return words.map(({ text, start_timestamp, end_timestamp }) => ({
    text,
    start: ms(start_timestamp.relative),
    end: ms(end_timestamp?.relative ?? start_timestamp.relative),
    confidence: CONFIDENCE,
  }));
}

/** Of providers whose own form we do not write. */
function plainly(words: readonly TranscriptWord[]): object {
  return {
    transcript: textOf(words),
    words: words.map(({ text, start_timestamp, end_timestamp }) => ({
      text,
      start: start_timestamp.relative,
      end: end_timestamp?.relative ?? null,
    })),
  };
}

function textOf(words: readonly TranscriptWord[]): string {
  return words.map(({ text }) => text).join(' ');
}
