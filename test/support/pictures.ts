/** A meeting with video, and the pictures among what a receiver got of it. */
import { decode } from 'fast-png';
import { expect } from 'vitest';
import {
  type VideoSeparatePngData,
  videoSeparatePngDataStrictSchema,
} from '../../src/protocol/video-separate-png.ts';
import { meeting } from '../../src/scenario/builder.ts';

export const VIDEO_EVENT = 'video_separate_png.data';

/** Ada is muted all the time and has her camera on; Grace speaks and shares her screen. */
export const WITH_VIDEO = meeting({ duration: 4 })
  .participant({ id: 100, name: 'Ada' }, (ada) => ada.webcam(1, true).webcam(3.2, false))
  .participant({ id: 200, name: 'Grace' }, (grace) =>
    grace.unmute(0).screenshare(1.25, true).screenshare(2.25, false).mute(2),
  )
  .build();

/** Pictures among messages; each must pass the writer's schema and be a PNG as documented. */
export function picturesOf(messages: readonly string[]): VideoSeparatePngData['data'][] {
  return messages
    .map((text) => JSON.parse(text))
    .filter(({ event }) => event === VIDEO_EVENT)
    .map((event) => {
      const { data } = videoSeparatePngDataStrictSchema.parse(event) as VideoSeparatePngData;
      const { width, height } = decode(Buffer.from(data.data.buffer, 'base64'));
      expect([width, height]).toEqual([640, 360]);
      return data;
    });
}

/** Whose pictures they are, of what, and when. */
export function timesOf(pictures: readonly VideoSeparatePngData['data'][]) {
  return pictures.map(({ data: { participant, type, timestamp } }) => [
    participant.id,
    type,
    timestamp.relative,
  ]);
}
