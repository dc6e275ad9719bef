/**
 * What goes wrong with downloads on purpose, as it does in the field: URLs expire, connections are slow or end too early, and
 * lengths are wrong. What each does to an answer is in `api/download-response.ts`.
 */
import { z } from 'zod';
import { checkedFault, pairsOf } from '../../emulator/faults/text.ts';
import { bytes, share } from '../../emulator/faults/units.ts';
import { UsageError } from '../../errors.ts';
import type { CreateBot } from '../../protocol/rest/bot-requests.ts';
import type { BotRecord } from '../store/records.ts';
import { matchesWildcard } from './wildcard.ts';

/** Downloads by their names, as they stand in URLs; `PART` is the id of a part, or of the transcript. */
const FILES = [
  'participants.json',
  'participant_events.json',
  'speaker_timeline.json',
  'transcript.json',
  'provider_data/PART.json',
  'audio_mixed.raw',
  'audio_mixed.wav',
  'audio_mixed.mp3',
  'audio_separate.json',
  'audio_separate/PART.raw',
  'audio_separate/PART.wav',
  'video_mixed.mp4',
  'video_separate.json',
  'video_separate/PART.mp4',
];

const target = {
  /** Names, in which `*` stands for anything; all when left out. */
  files: z
    .array(
      z
        .string()
        .max(200)
        .refine(isOfFile, { error: `No download is called so. Those that there are: ${FILES.join(', ')}.` }),
    )
    .min(1)
    .max(100)
    .optional(),
  /** How many downloads it strikes; all that come when left out. */
  times: z.int().min(1).max(1_000_000).optional(),
};

const notAll = (part: number): boolean => part !== 1;

/** As the control API takes it. The numbers have a default. */
export const downloadFaultSchema = z.discriminatedUnion('fault', [
  /** 403, as of a URL whose time is over. */
  z.strictObject({ fault: z.literal('expired'), ...target }),
  /** It comes at this rate, of wall time. */
  z.strictObject({
    fault: z.literal('slow'),
    bytes_per_second: bytes({ min: 1, max: 2 ** 30 }).default(16 * 1_024),
    ...target,
  }),
  /** The connection ends when this part of it has been sent. */
  z.strictObject({
    fault: z.literal('truncated'),
    share: share().refine(notAll, { error: 'less than all is expected' }).default(0.5),
    ...target,
  }),
  /** `Content-Length` is this part of what it should be: of more, the connection ends early; of less, nothing tells. */
  z.strictObject({
    fault: z.literal('wrong_length'),
    share: share({ max: 2 }).refine(notAll, { error: 'more or less than all is expected' }).default(0.9),
    ...target,
  }),
]);
export type DownloadFaultFields = z.input<typeof downloadFaultSchema>;
export type DownloadFault = z.output<typeof downloadFaultSchema>;

/** The option that `NAME=VALUE` sets. */
const VALUES: Readonly<Record<string, string>> = {
  slow: 'bytes_per_second',
  truncated: 'share',
  wrong_length: 'share',
};

/** The bot's metadata that has a fault, for its own downloads. */
export const DOWNLOAD_FAULT_METADATA = 'recall_emulator_download_fault';

function isOfFile(pattern: string): boolean {
  return (
    /^(audio_separate|video_separate|provider_data)\/[^*]+$/.test(pattern) ||
    FILES.some((file) => matchesWildcard(pattern, file))
  );
}

/** `slow=16k,file=*.mp4,times=1`; `file` may be repeated. */
function fieldsOf(text: string): Record<string, unknown> {
  const [[fault, value], ...others] = pairsOf(text);
  const fields: Record<string, unknown> = { fault };
  if (value !== undefined) fields[VALUES[fault] ?? 'value'] = value;
  const files: string[] = [];
  for (const [key, given = ''] of others) {
    if (key === 'file') files.push(given);
    else fields[key] = key === 'times' ? Number(given) : given;
  }
  return files.length === 0 ? fields : { ...fields, files };
}

/** As an option has it: text or fields. Throws a `UsageError` (`invalid_download_fault`). */
export function readDownloadFault(given: string | DownloadFaultFields): DownloadFault {
  return checkedFault(
    downloadFaultSchema,
    typeof given === 'string' ? fieldsOf(given) : given,
    (what) =>
      new UsageError('invalid_download_fault', `This fault of downloads cannot be: ${what}`, {
        hint: 'Write expired, slow[=BYTES], truncated[=SHARE] or wrong_length[=SHARE], then [,file=NAME…][,times=N], such as truncated=50%,file=*.mp4.',
      }),
  );
}

/** The fault that a bot's metadata asks for. Throws as `readDownloadFault` does. */
export function faultAskedBy({ metadata }: Pick<CreateBot, 'metadata'>): DownloadFault | undefined {
  const text = metadata?.[DOWNLOAD_FAULT_METADATA];
  return text == null ? undefined : readDownloadFault(text);
}

interface Waiting {
  readonly fault: DownloadFault;
  /** Of one bot only. */
  readonly botId: string | undefined;
  /** How many more it strikes; undefined for all. */
  remaining: number | undefined;
}

const MAX_FAULTS = 100;

/** Those of one workspace, in the order in which they were asked for: the first that fits strikes. */
export class DownloadFaults {
  #waiting: Waiting[] = [];
  /** By the bots whose metadata asks for them, once it has been looked at. They last as long as their bots. */
  readonly #own = new Map<string, Waiting | undefined>();

  /** Throws a `UsageError` (`too_many_faults`). */
  add(fault: DownloadFault, botId?: string): void {
    if (this.#waiting.length >= MAX_FAULTS) {
      throw new UsageError('too_many_faults', `${MAX_FAULTS} faults of downloads wait already.`, {
        hint: 'Delete them, or let them strike first.',
      });
    }
    this.#waiting.push({ fault, botId, remaining: fault.times });
  }

  /** All that were added, or those of one bot. */
  list(botId?: string): readonly Readonly<Record<string, unknown>>[] {
    return this.#waiting
      .filter((each) => botId === undefined || each.botId === botId)
      .map(({ fault, botId: bot, remaining }) => ({
        ...fault,
        ...(bot !== undefined && { bot_id: bot }),
        ...(remaining !== undefined && { times: remaining }),
      }));
  }

  /** All that were added, or those of one bot. */
  clear(botId?: string): void {
    this.#waiting = this.#waiting.filter((each) => botId !== undefined && each.botId !== botId);
  }

  /** What strikes a download of this bot, if anything does; a fault with `times` has one less. */
  strike(file: string, bot: BotRecord, headOnly: boolean): DownloadFault | undefined {
    const struck = [...this.#waiting, this.#ownOf(bot)].find(
      (each) =>
        each !== undefined &&
        each.remaining !== 0 &&
        (each.botId ?? bot.id) === bot.id &&
        // Of all others nothing is seen without a body.
        (!headOnly || each.fault.fault === 'expired') &&
        (each.fault.files?.some((pattern) => matchesWildcard(pattern, file)) ?? true),
    );
    if (struck?.remaining !== undefined) struck.remaining--;
    this.#waiting = this.#waiting.filter(({ remaining }) => remaining !== 0);
    return struck?.fault;
  }

  #ownOf({ id, request }: BotRecord): Waiting | undefined {
    if (!this.#own.has(id)) {
      const fault = faultAskedBy(request);
      this.#own.set(id, fault && { fault, botId: id, remaining: fault.times });
    }
    return this.#own.get(id);
  }
}
