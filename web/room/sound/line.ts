/** The WebSocket by which a meeting is heard, and spoken in. One for each page; it is opened when it is wanted. */
import { signal } from '@preact/signals';
import { notice, reasonOf } from '../call.ts';

/** Whom one hears: everybody, the bot, or the participant of this id. */
export type Heard = 'nothing' | 'mix' | 'bot' | number;

/** This page as somebody in the meeting. */
export const you = signal<{ readonly id: number; readonly muted: boolean } | null>(null);
/** From the microphone until a frame leaves, its length included; milliseconds, smoothed. */
export const latencyMs = signal<number | undefined>(undefined);

/** Of the newest measurement. */
const SMOOTHING = 0.1;
const HEADER_BYTES = 8;
const STAMP_BYTES = 8;

export interface Line {
  readonly botId: string;
  say(command: Readonly<Record<string, unknown>>): void;
  /** `stamp`: when the first sample was captured, on this page's clock. */
  send(pcm: Int16Array, stamp: number): void;
  close(): void;
}

export interface LineEvents {
  onFrame(participant: number, startSample: number, pcm: Int16Array): void;
  onClosed(): void;
}

export function openLine(botId: string, events: LineEvents): Promise<Line> {
  const url = `${location.origin.replace(/^http/, 'ws')}/_emulator/audio?bot=${botId}`;
  const socket = new WebSocket(url);
  socket.binaryType = 'arraybuffer';
  socket.onmessage = ({ data }) => {
    if (typeof data === 'string') onText(data);
    else onBinary(data as ArrayBuffer, events);
  };
  return new Promise((resolve, reject) => {
    socket.onopen = () => {
      socket.onclose = () => {
        you.value = null;
        latencyMs.value = undefined;
        events.onClosed();
      };
      resolve(lineOf(socket, botId));
    };
    socket.onerror = () =>
      reject(new Error('The meeting cannot be heard: it is over, or the server does not answer.'));
  });
}

function lineOf(socket: WebSocket, botId: string): Line {
  return {
    botId,
    say: (command) => socket.send(JSON.stringify(command)),
    send(pcm, stamp) {
      if (socket.readyState !== WebSocket.OPEN) return;
      const bytes = new DataView(new ArrayBuffer(STAMP_BYTES + pcm.length * 2));
      bytes.setFloat64(0, stamp, true);
      for (const [index, sample] of pcm.entries()) bytes.setInt16(STAMP_BYTES + index * 2, sample, true);
      socket.send(bytes.buffer);
    },
    close: () => socket.close(),
  };
}

function onText(text: string): void {
  const told = JSON.parse(text);
  if ('you' in told) you.value = told.you;
  if ('error' in told)
    notice.value = { tone: 'error', text: reasonOf({ ok: false, status: 0, body: told.error }) };
  if ('sent' in told) {
    const now = performance.now() - told.sent;
    const last = latencyMs.value;
    latencyMs.value = last === undefined ? now : last + (now - last) * SMOOTHING;
  }
}

function onBinary(data: ArrayBuffer, { onFrame }: LineEvents): void {
  const view = new DataView(data);
  const pcm = new Int16Array((data.byteLength - HEADER_BYTES) >> 1);
  for (let index = 0; index < pcm.length; index++) pcm[index] = view.getInt16(HEADER_BYTES + index * 2, true);
  onFrame(view.getUint32(0, true), view.getUint32(4, true), pcm);
}
