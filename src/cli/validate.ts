/** `recall-emulator validate`: scenarios and captures. */
import { Command } from 'commander';
import { formatProblem } from '../errors.ts';
import { plainText } from '../plain-text.ts';
import { EXIT } from './exit.ts';

export function validateCommand(): Command {
  return new Command('validate')
    .description('Check scenarios and captures, and show every problem with its place.')
    .argument('<file...>', 'scenario files (YAML, JSON) or captures (.ndjson, .jsonl)')
    .option('--json', 'print exactly one JSON object on stdout')
    .addHelpText(
      'after',
      `
Exit codes:
  0  every file is valid
  1  a file has a problem
  2  wrong usage, or a file that cannot be read`,
    )
    .action(run);
}

async function run(files: string[], flags: { readonly json?: boolean }): Promise<void> {
  const { validateFile } = await import('../scenario/validate.ts');
  const reports = [];
  for (const file of files) reports.push(await validateFile(file));
  const ok = reports.every((report) => report.ok);
  process.exitCode = ok ? EXIT.ok : EXIT.failed;
  if (flags.json === true) {
    console.log(JSON.stringify({ ok, files: reports }));
    return;
  }
  for (const { file, kind, summary, problems, problemCount, warnings, warningCount, ok: valid } of reports) {
    console.log(`${valid ? '✔' : '✘'} ${plainText(file)}: ${kind}, ${summary}`);
    for (const problem of problems) console.log(`  ${formatProblem(problem)}`);
    if (problemCount > problems.length) console.log(`  … ${problemCount - problems.length} more problems`);
    for (const warning of warnings) console.log(`  warning: ${formatProblem(warning)}`);
    if (warningCount > warnings.length) console.log(`  … ${warningCount - warnings.length} more warnings`);
  }
}
