/** `recall-emulator compare`: what was kept against what was sent, or one recording against another. */
import { Command } from 'commander';
import { plainText } from '../plain-text.ts';
import { addFlags } from './command-flags.ts';
import { EXIT } from './exit.ts';
import type { FlagValues } from './flags.ts';
import { print, printJson } from './print.ts';

const LAYOUTS = {
  timeline: 'silence stands where nothing was sent',
  concatenation: 'the silence of mutes is left out',
  either: undefined,
  mixed: 'the silence of mutes is restored in part',
} as const;

export function compareCommand(): Command {
  const command = new Command('compare')
    .description('Say in plain words how audio that was kept differs from what was sent.')
    .argument('<kept>', 'an audio file, an RTTM file (who spoke when), or the folder of a recording')
    .argument(
      '<sent>',
      'for a file another one; for a folder or RTTM the scenario, capture or built-in name that was played',
    );
  return addFlags(command, ['json'])
    .addHelpText(
      'after',
      `
Examples:
  $ recall-emulator compare recordings/RECORDING_ID standup
  $ recall-emulator compare mine.rttm standup
  $ recall-emulator compare mine.wav sent.wav

WAV, raw samples (.pcm, .raw), MP3 and Ogg Opus are read as they are; FLAC, M4A,
AAC, WebM and others by ffmpeg, if it is installed. RTTM is scored (DER).

Exit codes:
  0  nothing is wrong; notes may tell what is different (a lossy file, another
     rate)
  1  something is missing, out of place, or not what was sent
  2  a file cannot be used, or wrong usage`,
    )
    .action(run);
}

async function run(kept: string, sent: string, flags: FlagValues<'json'>): Promise<void> {
  const { compare } = await import('../check/compare.ts');
  const comparison = await compare(kept, sent);
  const { ok, findings, layout, summary } = comparison;
  process.exitCode = ok ? EXIT.ok : EXIT.failed;
  if (flags.json === true) {
    printJson(comparison);
    return;
  }
  const about = LAYOUTS[layout];
  print(`${ok ? '✔' : '✘'} ${plainText(summary)}${about === undefined ? '' : `: ${about}`}`);
  for (const { severity, name, participant, text } of findings) {
    const who = participant === null ? '' : ` ${name ?? 'participant'} (${participant}):`;
    print(`  ${severity}:${plainText(`${who} ${text}`)}`);
  }
}
