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
import { diskFailure } from '../store/disk-errors.ts';
import { MIXED_FILE } from '../store/recording-files.ts';
import type { RecordingRecord } from '../store/records.ts';
import type { Store } from '../store/store.ts';
import { isExpired, type Serializer } from './serialize.ts';

/** Where downloads live, below the base URL. */
export const DOWNLOADS_PATH = '/_downloads';

export interface DownloadOptions {
  readonly store: Store;
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

  /** Answers a request for a path. 403 for a token that is not right, is for something else or has expired. */
  async answer(
    path: string,
    query: { readonly expires: string | undefined; readonly token: string | undefined },
    serializer: Serializer,
    headOnly: boolean,
  ): Promise<Response> {
    // The token of a part is good for both of its forms.
    const signedPath = path.replace(/\.wav$/, '.raw');
    const expires = Number(query.expires);
    if (!/^\d{1,12}$/.test(query.expires ?? '') || !this.#isToken(query.token ?? '', signedPath, expires))
      return refused('The download URL is not valid.');
    if (expires * 1_000 < this.#options.nowMs())
      return refused('The download URL has expired: retrieve the media object again for a new one.');
    const [recordingId = '', ...rest] = signedPath.split('/');
    const recording = this.#options.store.recording(recordingId);
    if (recording === undefined || recording.status.code === 'deleted') return notFound();
    if (isExpired(recording, this.#options.nowMs())) return notFound();
    return this.#file(recording, rest.join('/'), { asWav: path.endsWith('.wav'), headOnly }, serializer);
  }

  async #file(
    recording: RecordingRecord,
    name: string,
    form: AudioForm,
    serializer: Serializer,
  ): Promise<Response> {
    const { content } = recording;
    switch (name) {
      case 'participants.json':
        return json(content.participants);
      case 'participant_events.json':
        return json(content.participantEvents);
      case 'speaker_timeline.json':
        return json(content.speakerTimeline);
      case 'transcript.json':
        return json(content.transcript);
      case 'audio_separate.json':
        return json(serializer.audioParts(recording));
      case 'audio_mixed.raw':
        return this.#audio(recording, MIXED_FILE, content.mixedSamples, form);
    }
    const part = content.audioParts.find(({ id }) => name === `audio_separate/${id}.raw`);
    return part === undefined ? notFound() : this.#audio(recording, part.file, part.samples, form);
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
      const failure = diskFailure(error);
      if (failure === undefined || (error as NodeJS.ErrnoException).code === 'ENOENT') return notFound();
      return Response.json({ code: failure.code, detail: failure.text }, { status: 503 });
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

function json(value: unknown): Response {
  return Response.json(value);
}

function notFound(): Response {
  return Response.json({ detail: 'Not found.' }, { status: 404 });
}

function refused(detail: string): Response {
  return Response.json({ code: 'invalid_download_url', detail }, { status: 403 });
}
