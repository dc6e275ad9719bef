/**
 * Downloads: JSON documents and audio of recordings, behind URLs that carry a token and expire. The token is a keyed hash
 * of the path and the time until which it holds, so that nothing needs to be remembered.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { wavHeader } from '../../audio/wav.ts';
import { BYTES_PER_SAMPLE } from '../../protocol/pcm.ts';
import { notFound, refused } from '../bot/refusal.ts';
import { diskFailure } from '../store/disk-errors.ts';
import { MIXED_FILE } from '../store/recording-files.ts';
import type { RecordingRecord } from '../store/records.ts';
import { fileResponse } from './file-response.ts';
import type { MediaResource } from './media-resource.ts';
import type { Renditions } from './renditions.ts';
import { MEDIA } from './resources/media.ts';
import { isExpired } from './serialize.ts';
import { videoParts } from './video-parts.ts';

/** Where downloads live, below the base URL. */
export const DOWNLOADS_PATH = '/_downloads';

const INVALID_URL = 'invalid_download_url';

/** JSON documents by file name. */
const DOCUMENTS: NonNullable<MediaResource['documents']> = Object.assign(
  {},
  ...Object.values(MEDIA).map(({ documents }) => documents),
);

export interface DownloadOptions {
  readonly renditions: Renditions;
  /** Of any workspace: whoever has the URL may have the file. */
  recording(id: string): RecordingRecord | undefined;
  /** Keys the tokens. */
  readonly key: Buffer;
  readonly nowMs: () => number;
  readonly ttlMs: number;
  dirOf(botId: string, recordingId: string): string;
}

interface AudioForm {
  readonly asWav: boolean;
  /** Nobody will read the body: no file may wait for that. */
  readonly headOnly: boolean;
  /** The request's header; raw audio is sent whole. */
  readonly range: string | undefined;
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
   * expired, 404 for what is not there any more.
   */
  async answer(
    baseUrl: string,
    path: string,
    query: { readonly expires: string | undefined; readonly token: string | undefined },
    asked: Omit<AudioForm, 'asWav'>,
  ): Promise<Response> {
    const { nowMs } = this.#options;
    // The token of a part is good for both of its forms.
    const signedPath = path.replace(/\.wav$/, '.raw');
    const expires = Number(query.expires);
    if (!/^\d{1,12}$/.test(query.expires ?? '') || !this.#isToken(query.token ?? '', signedPath, expires))
      throw refused(403, INVALID_URL, 'The download URL is not valid.');
    if (expires * 1_000 < nowMs()) {
      const detail = 'The download URL has expired: retrieve the media object again for a new one.';
      throw refused(403, INVALID_URL, detail);
    }
    const [recordingId = '', ...rest] = signedPath.split('/');
    const recording = this.#options.recording(recordingId);
    if (recording === undefined || recording.status.code === 'deleted' || isExpired(recording, nowMs()))
      throw notFound();
    const name = rest.join('/');
    const document = Object.hasOwn(DOCUMENTS, name) ? DOCUMENTS[name] : undefined;
    if (document !== undefined)
      return Response.json(document(recording, (file) => this.url(baseUrl, `${recording.id}/${file}`)));
    return this.#file(recording, name, { asWav: path.endsWith('.wav'), ...asked });
  }

  #file(recording: RecordingRecord, name: string, form: AudioForm): Promise<Response> {
    const { audioParts, mixedSamples } = recording.content;
    if (name.endsWith('.mp3') || name.endsWith('.mp4')) return this.#rendition(recording, name, form);
    if (name === 'audio_mixed.raw') return this.#audio(recording, MIXED_FILE, mixedSamples, form);
    const part = audioParts.find(({ id }) => name === `audio_separate/${id}.raw`);
    if (part === undefined) throw notFound();
    return this.#audio(recording, part.file, part.samples, form);
  }

  async #rendition(
    recording: RecordingRecord,
    name: string,
    { headOnly, range }: AudioForm,
  ): Promise<Response> {
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
    try {
      return await fileResponse((await make())!, { contentType, range, headOnly });
    } catch (error) {
      throw (error as NodeJS.ErrnoException).code === 'ENOENT' ? notFound() : error;
    }
  }

  async #audio(
    recording: RecordingRecord,
    file: string,
    samples: number,
    { asWav, headOnly }: AudioForm,
  ): Promise<Response> {
    const path = join(this.#options.dirOf(recording.botId, recording.id), file);
    const bytes = samples * BYTES_PER_SAMPLE;
    const header = asWav ? await wavHeader(bytes) : Buffer.alloc(0);
    let handle: FileHandle | undefined;
    try {
      handle = bytes === 0 || headOnly ? undefined : await open(path);
    } catch (error) {
      // Anything else that the disk refuses passes, and is a 503.
      if (diskFailure(error) === undefined || (error as NodeJS.ErrnoException).code === 'ENOENT')
        throw notFound();
      throw error;
    }
    const source = handle?.createReadStream({ end: bytes - 1 }) ?? Readable.from([]);
    const stream = Readable.from(
      (async function* () {
        if (header.length > 0) yield header;
        yield* source;
      })(),
    );
    return new Response(Readable.toWeb(stream) as ReadableStream, {
      headers: {
        'Content-Type': asWav ? 'audio/wav' : 'application/octet-stream',
        'Content-Length': String(header.length + bytes),
      },
    });
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
