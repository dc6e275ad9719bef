/** `recall-emulator generate`: a random meeting as files. */
import { isAbsolute, relative } from 'node:path';
import { Command } from 'commander';
import { addFlags, REQUIRED } from './command-flags.ts';
import type { FlagName, FlagValues } from './flags.ts';
import { print, printJson } from './print.ts';

const FLAGS = ['participants', 'duration', 'seed', 'out', 'json'] as const satisfies FlagName[];
const DEFAULT = { participants: 3, durationSeconds: 60, seed: 1 };

export function generateCommand(): Command {
  const command = new Command('generate').description(
    'Make a random meeting: the scenario, one WAV per utterance, and the ground truth. Same seed, same bytes.',
  );
  return addFlags(command, FLAGS, {
    participants: `${DEFAULT.participants}`,
    duration: `${DEFAULT.durationSeconds}s`,
    seed: `${DEFAULT.seed}`,
    out: REQUIRED,
  })
    .addHelpText(
      'after',
      `
Examples:
  $ recall-emulator generate --out meeting
  $ recall-emulator generate --participants 8 --duration 5m --out meeting
  $ recall-emulator play meeting/scenario.yaml`,
    )
    .action(run);
}

async function run(flags: FlagValues<(typeof FLAGS)[number]>): Promise<void> {
  const { generateMeeting, writeMeeting } = await import('../scenario/generate.ts');
  const {
    participants = DEFAULT.participants,
    duration: durationSeconds = DEFAULT.durationSeconds,
    seed = DEFAULT.seed,
  } = flags;
  const scenario = await generateMeeting({ participants, durationSeconds, seed });
  const { isTTY } = process.stderr;
  const written = await writeMeeting(flags.out!, scenario, (done, total) => {
    if (isTTY) process.stderr.write(`\r${done} of ${total} utterances${done === total ? '\n' : ''}`);
  });
  const { timeline, rttm, truth, wavFiles } = written;
  if (flags.json === true) {
    printJson({
      ok: true,
      scenario: written.scenario,
      rttm,
      truth,
      wav_files: wavFiles,
      streams: timeline.streams.length,
    });
    return;
  }
  print(
    `${timeline.participants.length} participants, ${timeline.streams.length} streams, ${wavFiles} utterances, ${durationSeconds} s`,
  );
  const shown = shortPath(written.scenario);
  print(`wrote ${shown}, ${shortPath(rttm)}, ${shortPath(truth)} and ${wavFiles} WAV files`);
  print(`play it: recall-emulator play ${shown}`);
}

/** As one would type it here: relative when it is below the working directory. */
function shortPath(path: string): string {
  const inside = relative(process.cwd(), path);
  return inside.startsWith('..') || isAbsolute(inside) ? path : inside;
}
