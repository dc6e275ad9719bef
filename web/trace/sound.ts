/** Sound of the trace: decoded block by block, and played. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { decodeAdpcm } from '../../src/trace/adpcm.ts';
import { type PersonTrace, SAMPLE_RATE } from './meeting.ts';
import { bytesOf, type SoundElement } from './read.ts';

/** Blocks that have been decoded, the newest last: a minute of sound. */
const decoded = new Map<Element, Int16Array>();
const MAX_DECODED = 16;

function pcmOf({ element, samples, rate }: SoundElement): Int16Array {
  const known = decoded.get(element);
  if (known !== undefined) return known;
  const pcm = decodeAdpcm(bytesOf(element), Math.ceil((samples * rate) / SAMPLE_RATE));
  decoded.set(element, pcm);
  if (decoded.size > MAX_DECODED) decoded.delete(decoded.keys().next().value!);
  return pcm;
}

/** What some participants say in a stretch, mixed, at 16 kHz. Silence where there is none. */
function soundBetween(
  people: readonly PersonTrace[],
  startSample: number,
  samples: number,
): Float32Array<ArrayBuffer> {
  const mix = new Float32Array(samples);
  for (const { sounds } of people)
    for (const block of sounds) {
      if (block.startSample + block.samples <= startSample || block.startSample >= startSample + samples)
        continue;
      const pcm = pcmOf(block);
      const factor = block.rate / SAMPLE_RATE;
      const from = Math.max(startSample, block.startSample);
      const to = Math.min(startSample + samples, block.startSample + block.samples);
      for (let at = from; at < to; at++)
        mix[at - startSample]! += levelAt(pcm, (at - block.startSample) * factor);
    }
  return mix;
}

/** Between two samples on a straight line. */
function levelAt(pcm: Int16Array, place: number): number {
  const before = Math.floor(place);
  const rest = place - before;
  const level = pcm[before] ?? 0;
  return (rest === 0 ? level : level + ((pcm[before + 1] ?? level) - level) * rest) / 32_768;
}

export interface Player {
  /** What plays, in seconds; undefined when nothing does. */
  readonly playing: { readonly from: number; readonly to: number } | undefined;
  /** Where it is, in seconds. */
  readonly now: () => number;
  readonly play: (people: readonly PersonTrace[], startSample: number, samples: number) => void;
  readonly stop: () => void;
}

/** Longer stretches would take long to mix, and nobody listens so long. */
const MAX_PLAYED_SAMPLES = 10 * 60 * SAMPLE_RATE;

export function usePlayer(): Player {
  const context = useRef<AudioContext | undefined>(undefined);
  const source = useRef<AudioBufferSourceNode | undefined>(undefined);
  const startedAt = useRef(0);
  const [playing, setPlaying] = useState<Player['playing']>(undefined);
  const stop = (): void => {
    const { current } = source;
    source.current = undefined;
    if (current !== undefined) {
      current.onended = null;
      current.stop();
    }
    setPlaying(undefined);
  };
  useEffect(() => stop, []);
  return {
    playing,
    now: () => (playing?.from ?? 0) + (context.current?.currentTime ?? 0) - startedAt.current,
    stop,
    play(people, startSample, asked) {
      stop();
      const samples = Math.min(asked, MAX_PLAYED_SAMPLES);
      if (samples <= 0) return;
      context.current ??= new AudioContext();
      void context.current.resume();
      const buffer = context.current.createBuffer(1, samples, SAMPLE_RATE);
      buffer.copyToChannel(soundBetween(people, startSample, samples), 0);
      const node = context.current.createBufferSource();
      node.buffer = buffer;
      node.connect(context.current.destination);
      node.onended = () => {
        if (source.current === node) stop();
      };
      source.current = node;
      startedAt.current = context.current.currentTime;
      node.start();
      setPlaying({ from: startSample / SAMPLE_RATE, to: (startSample + samples) / SAMPLE_RATE });
    },
  };
}
