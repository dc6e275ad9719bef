/** The witnesses that were asked for, and what they need of the receiver. */
import { readTarget } from '../../target.ts';
import type { CheckOptions } from '../options.ts';
import { filesWitness } from './files.ts';
import type { KeptWitness, WholeWitness } from './kept.ts';
import { mixWitness } from './mix.ts';
import { type ProbeReader, readerOfCommand, readerOfUrl } from './probe-reader.ts';
import { rttmWitness } from './rttm.ts';
import { startTap } from './tap.ts';

export interface Witnesses {
  /** Of the audio of each participant; the first that can see a meeting is asked. */
  readonly kept: readonly KeptWitness[];
  readonly whole: readonly WholeWitness[];
  /** What the receiver says of its state. */
  readonly probe: ProbeReader | undefined;
  /** For the receiver's command. */
  readonly env: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/** Throws a `UsageError`: `invalid_pattern`, `tap_port`. */
export async function openWitnesses(options: CheckOptions): Promise<Witnesses> {
  const { files, mix, rttm, tap = options.tapPort !== undefined, tapPort = 0 } = options;
  const kept: KeptWitness[] = files === undefined ? [] : [filesWitness(files)];
  const whole: WholeWitness[] = [
    ...(mix === undefined ? [] : [mixWitness(mix)]),
    ...(rttm === undefined ? [] : [rttmWitness(rttm)]),
  ];
  const env: Record<string, string> = {};
  if (tap) {
    const opened = await startTap(tapPort);
    kept.push(opened);
    env.RECALL_EMULATOR_TAP = opened.url;
    options.onTap?.(opened.url);
  }
  return {
    kept,
    whole,
    probe: probeOf(options, env),
    env,
    async close() {
      for (const witness of [...kept, ...whole]) await witness.close();
    },
  };
}

function probeOf(
  { probe, probeCommand }: CheckOptions,
  env: Readonly<Record<string, string>>,
): ProbeReader | undefined {
  if (probe !== undefined) return readerOfUrl(readTarget(probe, 'webhook'));
  return probeCommand === undefined ? undefined : readerOfCommand(probeCommand, env);
}
