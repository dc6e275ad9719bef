// Tests the examples as outside projects, with the packed package installed. Those of one need share an installation: it stands in
// the folder above them.
// Usage: node scripts/test-examples.mjs [tarball]. Packs one when none is given.
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const work = mkdtempSync(join(tmpdir(), 'recall-emulator-examples-'));
const run = (command, args, cwd) =>
  execFileSync(command, args, {
    cwd,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, NO_COLOR: '1' },
  });

const copy = (example, to) =>
  cpSync(join(root, 'examples', example), to, {
    recursive: true,
    filter: (path) => !path.includes('node_modules'),
  });
const manifestOf = (folder) => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));

/** Copies examples into a new folder, installs there what any of them needs, and runs their tests. */
function install(name, tarball, examples) {
  const folder = join(work, name);
  const devDependencies = {};
  for (const example of examples) {
    copy(example, join(folder, example));
    const manifest = manifestOf(join(folder, example));
    Object.assign(devDependencies, manifest.dependencies, manifest.devDependencies);
  }
  devDependencies['recall-emulator'] = `file:${tarball}`;
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, devDependencies }));
  run('npm', ['install', '--no-audit', '--no-fund'], folder);
  for (const example of examples) run('npm', ['test'], join(folder, example));
  return folder;
}

/** A Python that has pytest, and what the given one has; undefined where it cannot be installed. */
function withPytest(python) {
  const folder = join(work, 'python');
  const own = join(folder, 'bin/python');
  const installed =
    spawnSync(python, ['-m', 'venv', '--system-site-packages', folder]).status === 0 &&
    spawnSync(own, ['-m', 'pip', 'install', '--quiet', 'pytest'], { timeout: 120_000 }).status === 0;
  if (!installed) console.log('the pytest examples skipped: pip cannot install pytest here');
  return installed ? own : undefined;
}

try {
  const tarball =
    process.argv[2] === undefined
      ? join(
          work,
          execFileSync('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', work], {
            cwd: root,
          })
            .toString()
            .trim(),
        )
      : resolve(process.argv[2]);

  // The README's snippet, beside the example of the same runner.
  const snippet = /```js\n(\/\/ receiver\.test\.js\n[\s\S]*?)```/.exec(
    readFileSync(join(root, 'README.md'), 'utf8'),
  );
  const withVitest = install('with-vitest', tarball, ['vitest']);
  writeFileSync(join(withVitest, 'receiver.test.js'), snippet[1]);
  run('npx', ['vitest', 'run', '--exclude', 'vitest/**'], withVitest);

  // Every other runner, where there is no vitest: nothing that they import may want it.
  const withoutVitest = install('without-vitest', tarball, ['jest', 'mocha', 'node-test']);
  if (existsSync(join(withoutVitest, 'node_modules/vitest'))) throw new Error('vitest has been installed');

  const node = join(work, 'node-receiver');
  copy('node-receiver', node);
  const manifest = manifestOf(node);
  manifest.devDependencies['recall-emulator'] = `file:${tarball}`;
  writeFileSync(join(node, 'package.json'), JSON.stringify(manifest));
  run('npm', ['install', '--no-audit', '--no-fund'], node);
  run('npx', ['tsc'], node);
  run('npm', ['test'], node);

  const emulator = join(node, 'node_modules/.bin/recall-emulator');
  // What the examples in other languages call instead of npx.
  process.env.RECALL_EMULATOR = emulator;

  // Debian's package belongs to Debian's Python, which need not be the first in the path.
  const python = ['python3', '/usr/bin/python3'].find(
    (command) => spawnSync(command, ['-c', 'import websockets']).status === 0,
  );
  if (python !== undefined) {
    process.env.PYTHON = python;
    const folder = join(root, 'examples/python-receiver');
    run('sh', [join(folder, 'smoke.sh'), emulator], folder);
  } else console.log('examples/python-receiver skipped: python3 with websockets is not installed');

  const pytest = python === undefined ? undefined : withPytest(python);
  for (const example of pytest === undefined ? [] : ['python-app', 'python-receiver']) {
    copy(example, join(work, example));
    run(pytest, ['-m', 'pytest', '-q', '-p', 'no:cacheprovider'], join(work, example));
  }

  if (spawnSync('go', ['version']).status === 0) {
    copy('go-app', join(work, 'go-app'));
    run('go', ['test', './...'], join(work, 'go-app'));
  } else console.log('examples/go-app skipped: go is not installed');
} finally {
  rmSync(work, { recursive: true, force: true });
}
