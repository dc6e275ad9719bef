/**
 * Downloads: JSON documents and audio of recordings, behind URLs that carry a token and expire. The token is a keyed hash
 * of the path and the time until which it holds, so that nothing needs to be remembered.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { join } from 'node:path';
import { wavHeader } from '../../audio/wav.ts';
import type { Clock } from '../../emulator/clock.ts';
import { plainText } from '../../plain-text.ts';
import { BYTES_PER_SAMPLE } from '../../protocol/pcm.ts';
import type { DownloadFault } from '../bot/download-faults.ts';
import { providerData, providerWithData } from '../bot/provider-data.ts';
import { notFound, Refusal, refused } from '../bot/refusal.ts';
import { diskFailure } from '../store/disk-errors.ts';
import { MIXED_FILE } from '../store/recording-files.ts';
import type { RecordingRecord } from '../store/records.ts';
import { type Content, documentContent, fileContent } from './content.ts';
import { type Asked, downloadResponse, type Spoiled } from './download-response.ts';
import type { MediaResource } from './media-resource.ts';
import type { Renditions } from './renditions.ts';
import { MEDIA } from './resources/media.ts';
import { isExpired } from './serialize.ts';
import { videoParts } from './video-parts.ts';
import type { KeyedWorkspace } from './workspaces.ts';

/** Where downloads live, below the base URL. */
export const DOWNLOADS_PATH = '/_downloads';

/** JSON documents by file name. */
const DOCUMENTS: NonNullable<MediaResource['documents']> = Object.assign(
  {},
  ...Object.values(MEDIA).map(({ documents }) => documents),
);

interface Found {
  readonly keyed: KeyedWorkspace;
  readonly recording: RecordingRecord;
}

export interface DownloadOptions {
  readonly renditions: Renditions;
  /** Of any workspace: whoever has the URL may have the file. */
  recording(id: string): Found | undefined;
  /** Keys the tokens. */
  readonly key: Buffer;
  readonly clock: Pick<Clock, 'afterWall'>;
  readonly nowMs: () => number;
  readonly ttlMs: number;
  dirOf(botId: string, recordingId: string): string;
}

interface FileAsked {
  readonly asWav: boolean;
  readonly headOnly: boolean;
}

export class Downloads {
  readonly #options: DownloadOptions;

  constructor(options: DownloadOptions) {
    this.#options = options;
  }

  /** A URL for a path such as `<recording>/participants.json`, good from now on for as long as downloads are. */
  url(baseUrl: string, path: string): string {
    const expires = Math.floor((this.#options.nowMs() + this.#options.ttlMs) / 1_000);
    return `${baseUrl}${DOWNLOADS_PATH}/${path}?expires=${expires}&token=${this.#token(path, expires)}`;
  }

  /**
   * Answers a request for a path. Throws a `Refusal`: 403 for a token that is not right, is for something else or has
   * expired, 404 for what is not there any more, 416 for a part that is not there.
   */
  async answer(
    baseUrl: string,
    path: string,
    query: { readonly expires: string | undefined; readonly token: string | undefined },
    asked: Asked,
  ): Promise<Response> {
    const { nowMs, clock } = this.#options;
    // The token of a part is good for both of its forms.
    const signedPath = path.replace(/\.wav$/, '.raw');
    const expires = Number(query.expires);
    if (!/^\d{1,12}$/.test(query.expires ?? '') || !this.#isToken(query.token ?? '', signedPath, expires))
      throw refused(403, 'invalid_download_url', 'The download URL is not valid.');
    if (expires * 1_000 < nowMs()) throw expired(expires * 1_000, nowMs());
    const [recordingId = '', ...rest] = path.split('/');
    const found = this.#options.recording(recordingId);
    if (
      found === undefined ||
      found.recording.status.code === 'deleted' ||
      isExpired(found.recording, nowMs())
    )
      throw notFound();
    const file = rest.join('/');
    const fault = strike(found, file, asked.headOnly);
    if (fault?.fault === 'expired') throw expired(nowMs(), nowMs());
    const content =
      providerContent(found, file) ?? (await this.#content(found.recording, baseUrl, file, asked));
    return downloadResponse(content, asked, spoiledBy(fault), clock);
  }

  async #content(
    recording: RecordingRecord,
    baseUrl: string,
    file: string,
    { headOnly }: Asked,
  ): Promise<Content> {
    const asWav = file.endsWith('.wav');
    const name = asWav ? file.replace(/\.wav$/, '.raw') : file;
    const document = Object.hasOwn(DOCUMENTS, name) ? DOCUMENTS[name] : undefined;
    if (document !== undefined)
      return documentContent(document(recording, (other) => this.url(baseUrl, `${recording.id}/${other}`)));
    try {
      return await this.#file(recording, name, { asWav, headOnly });
    } catch (error) {
      throw (error as NodeJS.ErrnoException).code === 'ENOENT' ? notFound() : error;
    }
  }

  #file(recording: RecordingRecord, name: string, asked: FileAsked): Promise<Content> {
    const { audioParts, mixedSamples } = recording.content;
    if (name.endsWith('.mp3') || name.endsWith('.mp4')) return this.#rendition(recording, name, asked);
    if (name === 'audio_mixed.raw') return this.#audio(recording, MIXED_FILE, mixedSamples, asked);
    const part = audioParts.find(({ id }) => name === `audio_separate/${id}.raw`);
    if (part === undefined) throw notFound();
    return this.#audio(recording, part.file, part.samples, asked);
  }

  async #rendition(recording: RecordingRecord, name: string, { headOnly }: FileAsked): Promise<Content> {
    const { renditions, dirOf } = this.#options;
    const dir = dirOf(recording.botId, recording.id);
    const part = videoParts(recording).find(({ id }) => name === `video_separate/${id}.mp4`);
    const make = {
      'audio_mixed.mp3': () => renditions.audioMixed(dir, recording),
      'video_mixed.mp4': () => renditions.videoMixed(dir, recording),
      [`video_separate/${part?.id}.mp4`]: () => part && renditions.videoSeparate(dir, recording, part),
    }[name];
    if (make === undefined) throw notFound();
    const contentType = name.endsWith('.mp3') ? 'audio/mpeg' : 'video/mp4';
    return fileContent((await make())!, { contentType, headOnly });
  }

  async #audio(
    recording: RecordingRecord,
    file: string,
    samples: number,
    { asWav, headOnly }: FileAsked,
  ): Promise<Content> {
    const path = join(this.#options.dirOf(recording.botId, recording.id), file);
    const bytes = samples * BYTES_PER_SAMPLE;
    try {
      return await fileContent(path, {
        contentType: asWav ? 'audio/wav' : 'application/octet-stream',
        ...(asWav && { header: await wavHeader(bytes) }),
        bytes,
        headOnly,
      });
    } catch (error) {
      // What the disk refuses passes, and is a 503.
      throw diskFailure(error) === undefined ? notFound() : error;
    }
  }

  #token(path: string, expires: number): string {
    return createHmac('sha256', this.#options.key).update(`${path}\0${expires}`).digest('hex');
  }

  #isToken(token: string, path: string, expires: number): boolean {
    const expected = Buffer.from(this.#token(path, expires));
    const given = Buffer.from(token);
    return given.length === expected.length && timingSafeEqual(given, expected);
  }
}

/** What the provider of a transcript has sent; undefined for any other file, and where there is nothing of it. */
function providerContent({ keyed, recording }: Found, file: string): Content | undefined {
  const [, id = ''] = /^provider_data\/([\w-]+)\.json$/.exec(file) ?? [];
  const { ids, store } = keyed.workspace.context;
  const artifact = store.artifact(id);
  const provider =
    artifact?.recordingId === recording.id && artifact.status.code === 'done'
      ? providerWithData(artifact)
      : undefined;
  return provider && documentContent(providerData(ids, recording, provider));
}

/** What goes wrong with a download, if anything does. The log has it. */
function strike({ keyed, recording }: Found, file: string, headOnly: boolean): DownloadFault | undefined {
  const { store, activity } = keyed.workspace.context;
  const { bot } = store.state(recording.botId)!;
  const fault = keyed.downloadFaults.strike(file, bot, headOnly);
  if (fault !== undefined)
    activity.add('request', `download of ${plainText(file, 200)}: ${fault.fault} on demand`, {
      botId: bot.id,
      data: { file, fault: fault.fault },
    });
  return fault;
}

function spoiledBy(fault: DownloadFault | undefined): Spoiled {
  switch (fault?.fault) {
    case 'slow':
      return { bytesPerSecond: fault.bytes_per_second };
    case 'truncated':
      return { truncatedTo: fault.share };
    case 'wrong_length':
      return { lengthFactor: fault.share };
    default:
      return {};
  }
}

/** As S3 answers, whose URLs the vendor's download URLs are. Times in milliseconds since the epoch. */
function expired(expiredMs: number, nowMs: number): Refusal {
  const date = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`;
  return new Refusal(
    403,
    '<?xml version="1.0" encoding="UTF-8"?>\n' +
      '<Error><Code>AccessDenied</Code><Message>Request has expired</Message>' +
      `<Expires>${date(expiredMs)}</Expires><ServerTime>${date(nowMs)}</ServerTime></Error>`,
    { 'Content-Type': 'application/xml' },
  );
}
