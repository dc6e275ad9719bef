/** `recall-emulator generate`: a random meeting as files. */
import { Command } from 'commander';
import { addFlags, type FlagName, type FlagValues, REQUIRED } from './flags.ts';
import { print } from './print.ts';

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
  }).action(run);
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
    print(
      JSON.stringify({
        ok: true,
        scenario: written.scenario,
        rttm,
        truth,
        wav_files: wavFiles,
        streams: timeline.streams.length,
      }),
    );
    return;
  }
  print(
    `${timeline.participants.length} participants, ${timeline.streams.length} streams, ${wavFiles} utterances, ${durationSeconds} s`,
  );
  print(`wrote ${written.scenario}, ${rttm}, ${truth} and ${wavFiles} WAV files`);
  print(`play it: recall-emulator play ${written.scenario}`);
}
