/** When cameras and screens of a recording were on, read from its events. */
import type { Participant } from '../../protocol/participant.ts';
import type { Timestamp } from '../../protocol/timestamp.ts';
import type { VideoType } from '../../protocol/video-separate-png.ts';
import type { RecordingRecord } from '../store/records.ts';

export interface VideoPart {
  /** That of the event with which it began. */
  readonly id: string;
  readonly participant: Participant;
  readonly type: VideoType;
  readonly startTimestamp: Timestamp;
  readonly seconds: number;
}

/** In the order in which they began. */
export function videoParts({ content, startedAt, completedAt }: RecordingRecord): VideoPart[] {
  const parts: (VideoPart & { seconds: number })[] = [];
  const open = new Map<string, VideoPart & { seconds: number }>();
  const end = (key: string, atSeconds: number): void => {
    const part = open.get(key);
    if (part === undefined) return;
    part.seconds = Math.max(0, Number((atSeconds - part.startTimestamp.relative).toFixed(6)));
    open.delete(key);
  };
  for (const { id, action, participant, timestamp } of content.participantEvents) {
    const [, type, change] = /^(webcam|screenshare)_(on|off)$/.exec(action) ?? [];
    const key = `${type} ${participant.id}`;
    if (change === 'on' && !open.has(key)) {
      const part = { id, participant, type: type as VideoType, startTimestamp: timestamp, seconds: 0 };
      open.set(key, part);
      parts.push(part);
    } else if (change === 'off') end(key, timestamp.relative);
    else if (action === 'leave')
      for (const each of ['webcam', 'screenshare']) end(`${each} ${participant.id}`, timestamp.relative);
  }
  const length = (Date.parse(completedAt ?? startedAt) - Date.parse(startedAt)) / 1_000;
  for (const key of [...open.keys()]) end(key, length);
  return parts;
}
