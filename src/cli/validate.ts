/** `recall-emulator validate`: scenarios and captures. */
import { Command } from 'commander';
import { formatProblem } from '../errors.ts';
import { plainText } from '../plain-text.ts';
import type { ValidationReport } from '../scenario/validate.ts';
import { addFlags } from './command-flags.ts';
import { EXIT } from './exit.ts';
import type { FlagValues } from './flags.ts';
import { print, printJson, printWrapped } from './print.ts';
import { writeReport } from './report-file.ts';

export function validateCommand(): Command {
  const command = new Command('validate')
    .description('Check scenarios and captures, and show every problem with its place.')
    .argument('<file...>', 'scenario files (YAML, JSON), captures (.ndjson, .jsonl) or built-in names');
  return addFlags(command, ['junit', 'json'])
    .addHelpText(
      'after',
      `
Examples:
  $ recall-emulator validate meeting.yaml captured/recording-ID/events.ndjson
  $ recall-emulator validate scenarios/*.yaml --json

Exit codes:
  0  every file is valid
  1  the JUnit report could not be written
  2  a file cannot be used (play says the same of it), or wrong usage`,
    )
    .action(run);
}

async function run(files: string[], flags: FlagValues<'junit' | 'json'>): Promise<void> {
  const { validateFile } = await import('../scenario/validate.ts');
  const { scenarioFaults } = await import('../emulator/faults/read.ts');
  const reports: ValidationReport[] = [];
  for (const file of files) reports.push(await validateFile(file, scenarioFaults));
  const ok = reports.every((report) => report.ok);
  const written =
    flags.junit === undefined ||
    (await writeReport('--junit', flags.junit, async () => {
      const { validationJunit } = await import('../scenario/validate-junit.ts');
      return validationJunit(reports);
    }));
  process.exitCode = !ok ? EXIT.usage : written ? EXIT.ok : EXIT.failed;
  if (flags.json === true) {
    printJson({ ok, files: reports });
    return;
  }
  for (const { file, kind, summary, problems, problemCount, warnings, warningCount, ok: valid } of reports) {
    print(`${valid ? '✔' : '✘'} ${plainText(file)}: ${kind}, ${summary}`);
    for (const problem of problems) printWrapped(`  ${formatProblem(problem)}`);
    if (problemCount > problems.length) print(`  … ${problemCount - problems.length} more problems`);
    for (const warning of warnings) printWrapped(`  warning: ${formatProblem(warning)}`);
    if (warningCount > warnings.length) print(`  … ${warningCount - warnings.length} more warnings`);
  }
}
