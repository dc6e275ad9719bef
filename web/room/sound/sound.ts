/** Hearing a meeting and speaking in it: the line, the loudspeaker and the microphone, put together. */
import { signal } from '@preact/signals';
import { notice } from '../call.ts';
import captureScript from './capture.worklet.js?raw';
import { type Heard, type Line, openLine } from './line.ts';
import playerScript from './player.worklet.js?raw';
import { addWorklet } from './worklet.ts';

const SAMPLE_RATE = 16_000;

export const heard = signal<Heard>('nothing');

let line: Line | undefined;
let player: { readonly context: AudioContext; readonly node: AudioWorkletNode } | undefined;
let microphone: { readonly context: AudioContext; readonly stream: MediaStream } | undefined;

/** Hears somebody else from here on. To be called when somebody has pressed something: browsers play nothing before. */
export async function hear(botId: string, what: Heard): Promise<void> {
  heard.value = what;
  await orTell(async () => {
    if (what !== 'nothing') player ??= await startPlayer();
    await player?.context.resume();
    player?.node.port.postMessage('clear');
    if (what === 'nothing' && line === undefined) return;
    (await lineTo(botId)).say({ hear: what });
  });
}

/** Joins with this computer's microphone, muted. `clean`: the browser takes out echo and noise. */
export async function join(botId: string, name: string, clean: boolean): Promise<void> {
  await orTell(async () => {
    if (navigator.mediaDevices === undefined)
      throw new Error(
        `Browsers give the microphone to https and to this machine only: open http://127.0.0.1:${location.port}/.`,
      );
    const stream = await navigator.mediaDevices.getUserMedia({
      audio: { channelCount: 1, echoCancellation: clean, noiseSuppression: clean, autoGainControl: clean },
    });
    const context = new AudioContext({ latencyHint: 'interactive' });
    microphone = { context, stream };
    await addWorklet(context, captureScript);
    const capture = new AudioWorkletNode(context, 'capture', {
      numberOfOutputs: 0,
      channelCount: 1,
      channelCountMode: 'explicit',
    });
    context.createMediaStreamSource(stream).connect(capture);
    const to = await lineTo(botId);
    const inputMs = context.baseLatency * 1_000;
    capture.port.onmessage = ({ data: { pcm, ageSeconds } }) =>
      to.send(pcm, performance.now() - ageSeconds * 1_000 - inputMs);
    to.say({ join: { name } });
  }, stopMicrophone);
}

export function setMuted(muted: boolean): void {
  line?.say({ mute: muted });
}

export function leave(): void {
  line?.say({ leave: true });
  stopMicrophone();
}

/** Another meeting is looked at: this one is left. */
export function hangUp(): void {
  line?.close();
}

async function lineTo(botId: string): Promise<Line> {
  if (line?.botId === botId) return line;
  line?.close();
  line = await openLine(botId, {
    onFrame(participant, startSample, pcm) {
      player?.node.port.postMessage({ participant, startSample, pcm }, [pcm.buffer]);
    },
    onClosed() {
      line = undefined;
      heard.value = 'nothing';
      stopMicrophone();
    },
  });
  return line;
}

async function startPlayer(): Promise<typeof player> {
  const context = new AudioContext({ sampleRate: SAMPLE_RATE, latencyHint: 'interactive' });
  await addWorklet(context, playerScript);
  const node = new AudioWorkletNode(context, 'player', { numberOfInputs: 0, outputChannelCount: [1] });
  node.connect(context.destination);
  return { context, node };
}

function stopMicrophone(): void {
  for (const track of microphone?.stream.getTracks() ?? []) track.stop();
  void microphone?.context.close();
  microphone = undefined;
}

async function orTell(work: () => Promise<void>, otherwise: () => void = () => {}): Promise<void> {
  try {
    await work();
  } catch (error) {
    otherwise();
    heard.value = line === undefined ? 'nothing' : heard.value;
    const { name, message } = error as Error;
    notice.value = {
      tone: 'error',
      text: name === 'NotAllowedError' ? 'The browser does not give the microphone.' : message,
    };
  }
}
