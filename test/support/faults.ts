/** A meeting in which one thing goes wrong on purpose: what a raw receiver sees of it, and what the ledger says. */
import type { PlayOptions } from '../../src/play.ts';
import { type ChaosRun, type Moment, oneTalks, playAt } from './chaos.ts';
import { type Behaviour, good, OPCODE, type Peer, rawReceiver } from './raw-receiver.ts';

export interface FaultRun extends ChaosRun {
  readonly peers: readonly Peer[];
  /** Whole text messages, over all connections in their order. */
  readonly texts: readonly string[];
  /** `relative` of every audio message that can be read. */
  readonly relatives: readonly number[];
}

/** Two seconds of virtual time, twenty frames, unless told otherwise. */
export async function withFault(
  fault: string | readonly string[],
  options: PlayOptions & { readonly behaviour?: Behaviour | readonly Behaviour[] } = {},
  moments: (peers: readonly Peer[]) => readonly Moment[] = () => [],
): Promise<FaultRun> {
  const { behaviour = good, ...others } = options;
  await using raw = await rawReceiver(behaviour);
  const run = await playAt(
    raw.url,
    { scenario: oneTalks(2), faults: [fault].flat(), ...others },
    moments(raw.peers),
  );
  const texts = raw.peers.flatMap(textsOf);
  return { ...run, peers: raw.peers, texts, relatives: texts.flatMap((text) => relativeOf(text) ?? []) };
}

/** Fragments put together. */
function textsOf({ frames }: Peer): string[] {
  const parts: Buffer[][] = [];
  for (const { opcode, payload } of frames) {
    if (opcode === OPCODE.text) parts.push([payload]);
    else if (opcode === OPCODE.continuation) parts.at(-1)!.push(payload);
  }
  return parts.map((each) => Buffer.concat(each).toString('utf8'));
}

function relativeOf(text: string): number | undefined {
  try {
    return JSON.parse(text).data.data.timestamp.relative;
  } catch {
    return undefined;
  }
}

/** Of each message in turn: who speaks, and when. */
export function heard(texts: readonly string[]): [id: number, relative: number][] {
  return texts.map((text) => {
    const { participant, timestamp } = JSON.parse(text).data.data;
    return [participant.id, timestamp.relative];
  });
}

/** 0, 0.1, 0.2, … up to 1.9, without what is left out. */
export function tenths(...left: readonly number[]): number[] {
  return Array.from({ length: 20 }, (_, index) => index / 10).filter((each) => !left.includes(each));
}
