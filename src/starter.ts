/** What a project begins with: a meeting, a configuration and a CI workflow, for the language that is found. Never overwrites a file. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { writeError } from './files.ts';
import { meeting } from './scenario/builder.ts';
import { scenarioToYaml } from './scenario/stringify.ts';

interface Language {
  readonly name: string;
  /** Any of these files in the folder says so. */
  readonly signs: readonly string[];
  /** Starts a receiver, words apart. */
  readonly command: readonly string[];
  /** Steps of a workflow before the check; indented as there. */
  readonly setup: string;
}

const NODE_STEP = `      - uses: actions/setup-node@v4
        with:
          node-version: 22
`;
const LANGUAGES: readonly Language[] = [
  {
    name: 'Python',
    signs: ['pyproject.toml', 'requirements.txt', 'setup.py'],
    command: ['python3', 'receiver.py'],
    setup: `      - uses: actions/setup-python@v5
        with:
          python-version: '3.12'
${NODE_STEP}      - run: pip install --requirement requirements.txt
`,
  },
  {
    name: 'Go',
    signs: ['go.mod'],
    command: ['go', 'run', '.'],
    setup: `      - uses: actions/setup-go@v5
        with:
          go-version: stable
${NODE_STEP}`,
  },
  {
    name: 'Node',
    signs: ['package.json'],
    command: ['npm', 'start'],
    setup: `${NODE_STEP}      - run: npm ci
`,
  },
];
/** Of a folder that tells nothing. */
const DEFAULT_LANGUAGE = LANGUAGES.at(-1)!;

/** Ada and Ben, who mutes and comes back: enough to see whether silence is restored. */
function scenario(): string {
  return scenarioToYaml(
    meeting({ title: 'First meeting', duration: 12 })
      .participant({ id: 100, name: 'Ada', is_host: true }, (ada) =>
        ada.unmute(0).speak(0.5, { duration: 3, text: 'Good morning. Shall we begin?' }),
      )
      .participant({ id: 200, name: 'Ben' }, (ben) =>
        ben
          .unmute(4)
          .speak(4.2, { duration: 2, text: 'Yes, one moment please.' })
          .mute(6.5)
          .unmute(8)
          .speak(8.5, { duration: 2.5, text: 'Now I am ready.' }),
      )
      .build(),
  );
}

const configuration = ({
  command,
}: Language): string => `# What recall-emulator always takes in this folder; what you type wins.
# Keys are its flags: recall-emulator check --help has them all.
check:
  url: ws://127.0.0.1:4000/
  # Where your receiver writes each participant's audio.
  files: recordings/{recording_id}/{id}.wav
  quick: true
  html: report.html
  junit: report.xml
  # Starts your receiver. Take it away if it runs already.
  command: [${command.join(', ')}]
play:
  scenario: meeting.yaml
serve:
  scenario: meeting.yaml
`;

const workflow = ({
  setup,
}: Language): string => `# Checks your receiver on every push: recall-emulator.config.yaml says how.
name: receiver
on: [push, pull_request]
jobs:
  check:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
${setup}      - run: npx --yes recall-emulator check
      - if: always()
        uses: actions/upload-artifact@v4
        with:
          name: recall-emulator-report
          path: report.*
`;

export interface Starter {
  readonly language: string;
  readonly files: readonly { readonly path: string; readonly written: boolean }[];
}

/** Writes what is not there yet. Throws a `WriteError` when the disk refuses. */
export function writeStarter(folder: string): Starter {
  const language =
    LANGUAGES.find(({ signs }) => signs.some((sign) => existsSync(join(folder, sign)))) ?? DEFAULT_LANGUAGE;
  const texts = {
    'meeting.yaml': scenario(),
    'recall-emulator.config.yaml': configuration(language),
    '.github/workflows/receiver.yml': workflow(language),
  };
  const files = Object.entries(texts).map(([path, text]) => {
    const file = join(folder, path);
    if (existsSync(file)) return { path, written: false };
    try {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text, { flag: 'wx' });
    } catch (error) {
      throw writeError(error, file);
    }
    return { path, written: true };
  });
  return { language: language.name, files };
}
