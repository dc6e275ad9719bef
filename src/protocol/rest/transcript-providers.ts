/** Who makes transcripts: providers by their names, what each must be told, and its defaults (OpenAPI document, 2026). */
import { z } from 'zod';

const LANGUAGES = (
  'auto bg ca cs da de el en en_au en_uk en_us es et fi fr hi hr hu id it ja ko lt lv ms nl no pl pt ro ru sk sv th tr uk ' +
  'vi zh'
).split(' ');

const recallai = z.looseObject({ language_code: z.enum(LANGUAGES).optional() });
const settings = z.looseObject({});

/** Of a bot: `recording_config.transcript.provider`. Names that are not here pass. */
export const botProviderSchema = z.looseObject({
  recallai_streaming: recallai
    .extend({ mode: z.enum(['prioritize_low_latency', 'prioritize_accuracy']).optional() })
    .optional(),
  assembly_ai_async_chunked: settings.optional(),
  assembly_ai_v3_streaming: settings.optional(),
  deepgram_streaming: settings.optional(),
  gladia_v2_streaming: settings.optional(),
  rev_streaming: settings.optional(),
  aws_transcribe_streaming: settings
    .refine(
      ({ language_code, identify_language, language_options }) =>
        language_code !== undefined || (identify_language === true && language_options !== undefined),
      { error: 'Specify language_code, or identify_language and language_options.', path: ['language_code'] },
    )
    .optional(),
  speechmatics_streaming: z.looseObject({ language: z.string() }).optional(),
  meeting_captions: settings.optional(),
});

/** Of `create_transcript`, of a recording that is done. Names that are not here pass. */
export const asyncProviderSchema = z.looseObject({
  recallai_async: recallai.optional(),
  assembly_ai_async: settings.optional(),
  deepgram_async: settings.optional(),
  gladia_v2_async: settings.optional(),
  rev_async: settings.optional(),
  speechmatics_async: settings.optional(),
});

/** Whether each participant is transcribed by themselves. */
export const diarizationSchema = z.looseObject({
  use_separate_streams_when_available: z.boolean().optional(),
});

type Settings = Readonly<Record<string, unknown>>;

const named = (names: string, value: unknown): Settings =>
  Object.fromEntries(names.split(' ').map((name) => [name, value]));

const RECALLAI: Settings = { language_code: 'auto', filter_profanity: false };

const ASSEMBLY_AI: Settings = {
  language_code: 'en_us',
  ...named(
    'language_detection disfluencies multichannel dual_channel auto_highlights filter_profanity',
    false,
  ),
  ...named(
    'redact_pii redact_pii_audio speaker_labels content_safety iab_categories sentiment_analysis',
    false,
  ),
  ...named('auto_chapters entity_detection summarization custom_topics', false),
  ...named('language_confidence_threshold speech_threshold', 0),
  ...named('punctuate format_text', true),
  speech_model: 'best',
  redact_pii_sub: 'hash',
  speakers_expected: null,
  content_safety_confidence: 50,
};

const DEEPGRAM_SWITCHES =
  'diarize dictation filler_words mip_opt_out multichannel numerals profanity_filter punctuate redact smart_format';

const GLADIA_SWITCHES =
  'custom_vocabulary enable_code_switching callback subtitles diarization translation summarization moderation ' +
  'named_entity_recognition chapterization name_consistency custom_spelling structured_data_extraction ' +
  'sentiment_analysis audio_to_llm sentences display_mode punctuation_enhanced';

/** What holds for a setting that is left out. Deepgram's and AssemblyAI's streams take text for everything. */
const DEFAULTS: Readonly<Record<string, Settings>> = {
  recallai_streaming: { ...RECALLAI, mode: 'prioritize_accuracy' },
  recallai_async: RECALLAI,
  assembly_ai_async_chunked: ASSEMBLY_AI,
  assembly_ai_async: {
    ...ASSEMBLY_AI,
    webhook_auth_header_name: null,
    webhook_auth_header_value: null,
  },
  assembly_ai_v3_streaming: {
    format_turns: false,
    end_of_turn_confidence_threshold: '0.7',
    min_end_of_turn_silence_when_confident: '160',
    max_turn_silence: '2400',
  },
  deepgram_streaming: {
    ...named(`${DEEPGRAM_SWITCHES} interim_results vad_events`, 'false'),
    endpointing: '10',
    language: 'en',
    version: 'latest',
  },
  deepgram_async: {
    ...named(
      `${DEEPGRAM_SWITCHES} detect_entities intents measurements paragraphs sentiment topics utterances`,
      false,
    ),
    custom_topic_mode: 'extended',
    custom_intent_mode: 'extended',
    language: 'en',
    model: 'base-general',
    utt_split: 0.8,
    version: 'latest',
  },
  gladia_v2_streaming: {
    model: 'solaria-1',
    endpointing: 0.05,
    maximum_duration_without_endpointing: 5,
    callback: false,
  },
  gladia_v2_async: { ...named(GLADIA_SWITCHES, false), detect_language: true },
  speechmatics_streaming: { enable_partials: false, enable_entities: true },
};

/** As answers show it: each provider with the defaults of what was left out. */
export function withProviderDefaults(provider: Settings): Settings {
  return Object.fromEntries(
    Object.entries(provider).map(([name, given]) => [
      name,
      isSettings(given) && Object.hasOwn(DEFAULTS, name) ? { ...DEFAULTS[name], ...given } : given,
    ]),
  );
}

/** As answers show it. */
export function withDiarizationDefaults(diarization: Settings): Settings {
  return { use_separate_streams_when_available: false, ...diarization };
}

function isSettings(value: unknown): value is Settings {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
