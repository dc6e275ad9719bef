/** `recall-emulator generate`: a random meeting as files. */
import { Command } from 'commander';
import * as read from './options.ts';

interface Flags {
  readonly participants: number;
  readonly duration: number;
  readonly seed: number;
  readonly out: string;
  readonly json?: boolean;
}

export function generateCommand(): Command {
  return new Command('generate')
    .description(
      'Make a random meeting: the scenario, one WAV per utterance, and the ground truth. Same seed, same bytes.',
    )
    .option('--participants <n>', 'how many people', read.integer, 3)
    .option('--duration <time>', 'how long the meeting lasts', read.seconds, 60)
    .option('--seed <n>', 'everything is made from it', read.integer, 1)
    .requiredOption('--out <dir>', 'folder to write (required)')
    .option('--json', 'print exactly one JSON object on stdout')
    .action(run);
}

async function run(flags: Flags): Promise<void> {
  const { generateMeeting, writeMeeting } = await import('../scenario/generate.ts');
  const scenario = await generateMeeting({
    participants: flags.participants,
    durationSeconds: flags.duration,
    seed: flags.seed,
  });
  const { isTTY } = process.stderr;
  const written = await writeMeeting(flags.out, scenario, (done, total) => {
    if (isTTY) process.stderr.write(`\r${done} of ${total} utterances${done === total ? '\n' : ''}`);
  });
  const { timeline, rttm, truth, wavFiles } = written;
  if (flags.json === true) {
    console.log(
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
  console.log(
    `${timeline.participants.length} participants, ${timeline.streams.length} streams, ${wavFiles} utterances, ${flags.duration} s`,
  );
  console.log(`wrote ${written.scenario}, ${rttm}, ${truth} and ${wavFiles} WAV files`);
  console.log(`play it: recall-emulator play ${written.scenario}`);
}
