/** The message inside of a frame, for faults that change what it says. */
import type { AudioSeparateRawData } from '../../protocol/audio-separate.ts';
import { framePayload, textFrame } from '../encoder.ts';
import type { Frame } from './fault.ts';

/** Undefined for the messages of other events, and for those that a fault has made: they need not be JSON. */
export function audioMessageOf(frame: Frame): AudioSeparateRawData | undefined {
  if (frame.injected) return undefined;
  const message = JSON.parse(framePayload(frame.bytes).toString('utf8')) as AudioSeparateRawData;
  return message.event === 'audio_separate_raw.data' ? message : undefined;
}

/** The frame with this message in it. */
export function withText(frame: Frame, text: string): Frame {
  return { ...frame, bytes: textFrame(text) };
}

/** A message of our own beside the frame. */
export function injectedText(frame: Frame, text: string): Frame {
  return { ...withText(frame, text), injected: true };
}
