/**
 * What a recording is sent of cameras and shared screens. Pictures are looked at and counted, never kept: an hour of them would
 * fill a disk, and what is in them can be seen at the sender.
 */
import type { Problem } from '../errors.ts';
import type { VideoSeparatePngData } from '../protocol/video-separate-png.ts';
import type { VideoStats } from './stats.ts';

/** Bounds what one sender can make us remember. */
const MAX_VIDEOS = 2_000;
/** The signature, the first chunk's length and name, and in it width and height: all that is decoded of a picture. */
const HEADER_BASE64 = 32;
const HEADER_BYTES = 24;
const CHUNK_NAME_AT = 12;

export class Pictures {
  readonly #videos = new Map<string, VideoStats>();

  /** Takes a picture. Returns what is wrong with it beyond its shape; then it is not counted. */
  add(event: VideoSeparatePngData): Problem | undefined {
    const { buffer, timestamp, type, participant } = event.data.data;
    const header = Buffer.from(buffer.slice(0, HEADER_BASE64), 'base64');
    if (header.length < HEADER_BYTES || header.toString('latin1', CHUNK_NAME_AT, 16) !== 'IHDR')
      return { code: 'invalid_png', message: 'The picture has no PNG header.' };
    const video = this.#video(participant.id, type);
    if (video === undefined)
      return { code: 'too_many_participants', message: `More than ${MAX_VIDEOS} videos in one recording.` };
    const { relative } = timestamp;
    if (video.lastRelative !== null && relative <= video.lastRelative) video.outOfOrder++;
    video.pictures++;
    video.firstRelative ??= relative;
    video.lastRelative = relative;
    video.width = header.readUInt32BE(16);
    video.height = header.readUInt32BE(20);
    return undefined;
  }

  stats(): readonly VideoStats[] {
    return [...this.#videos.values()];
  }

  /** Undefined when there are too many. */
  #video(id: number, type: VideoStats['type']): VideoStats | undefined {
    const key = `${id} ${type}`;
    const known = this.#videos.get(key);
    if (known !== undefined || this.#videos.size >= MAX_VIDEOS) return known;
    const video: VideoStats = {
      id,
      type,
      pictures: 0,
      firstRelative: null,
      lastRelative: null,
      outOfOrder: 0,
      width: 0,
      height: 0,
    };
    this.#videos.set(key, video);
    return video;
  }
}
