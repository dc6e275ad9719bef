/** What users wait for: one row each, how it is run and what counts of it. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const here = (file) => fileURLToPath(new URL(file, import.meta.url));
const VITEST = here('../../node_modules/vitest/vitest.mjs');
const STANDUP = here('../../fixtures/standup.yaml');

/** The command line of a build. Commits before the bundle have it elsewhere. */
export function mainOf(root) {
  const [bundled, compiled] = ['command', 'cli'].map((folder) => `${root}/dist/${folder}/main.js`);
  return existsSync(bundled) ? bundled : compiled;
}

/** A script of this folder; `size` is a share of its work, for tests of the bench. */
const script = (file) => (root, size) => [here(file), root, String(size)];
const cpu = ({ cpuMs }) => cpuMs;
const figure = (report) => report.figure;

export const ROWS = [
  { name: 'a bare node (control)', unit: 'ms', args: () => ['-e', '0'], of: cpu },
  { name: '--help', unit: 'ms', args: (root) => [mainOf(root), '--help'], of: cpu },
  {
    name: 'play --speed max of standup',
    unit: 'ms',
    args: (root, _size, dir) => [mainOf(root), 'play', STANDUP, '--speed', 'max', '--out', dir],
    of: cpu,
  },
  { name: 'serve, to its first answer', unit: 'ms', args: script('serve.mjs'), of: figure },
  {
    name: 'ten meetingTests in a file',
    unit: 'ms',
    args: () => [VITEST, 'run', '--config', here('vitest.config.mjs'), '--root', here('../..')],
    of: cpu,
  },
  { name: 'checkReceiver, 50 runs', unit: 'ms', args: script('check-receiver.mjs'), of: figure },
  { name: 'check --quick, with a receiver', unit: 'ms', args: script('check-quick.mjs'), of: figure },
  { name: 'embedded receiver, a frame', unit: 'µs', args: script('embedded.mjs'), of: figure },
  { name: 'play in real time, a frame', unit: 'µs', args: script('send-play.mjs'), of: figure },
  { name: 'load, a frame', unit: 'µs', args: script('send-load.mjs'), of: figure },
  { name: 'load, 10,000 streams', unit: 'MiB', args: script('memory.mjs'), of: ({ rssMb }) => rssMb },
];

/** Starts a row at the build in `root`; resolves with its figure, or with why there is none. */
export async function measure({ args, of }, root, dir, size = 1) {
  const { spawn } = await import('node:child_process');
  const child = spawn(process.execPath, ['--import', here('tell.mjs'), ...args(root, size, dir)], {
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
    env: { ...process.env, RECALL_BENCH_ROOT: root },
  });
  const [said, told] = await Promise.all([textOf(child.stderr), textOf(child.stdio[3])]);
  const code = child.exitCode ?? (await new Promise((resolve) => child.on('exit', resolve)));
  if (code !== 0 || told === '') return { error: said.trim().split('\n').at(-1) || `it ended with ${code}` };
  const value = of(JSON.parse(told));
  return Number.isFinite(value) ? { value } : { error: 'it told no figure' };
}

async function textOf(stream) {
  let text = '';
  for await (const chunk of stream) text += chunk;
  return text;
}
