// Tests the examples as outside projects: each in a folder of its own, with the packed package installed.
// Usage: node scripts/test-examples.mjs [tarball]. Packs one when none is given.
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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

  // The README's snippet, in an empty folder.
  const snippet = /```js\n(\/\/ receiver\.test\.js\n[\s\S]*?)```/.exec(
    readFileSync(join(root, 'README.md'), 'utf8'),
  );
  const empty = join(work, 'empty');
  mkdirSync(empty);
  run('npm', ['init', '-y', '--silent'], empty);
  run('npm', ['install', '--save-dev', '--no-audit', '--no-fund', tarball, 'vitest', 'fast-check'], empty);
  writeFileSync(join(empty, 'receiver.test.js'), snippet[1]);
  run('npx', ['vitest', 'run'], empty);

  const node = join(work, 'node-receiver');
  cpSync(join(root, 'examples/node-receiver'), node, {
    recursive: true,
    filter: (path) => !path.includes('node_modules'),
  });
  const manifest = JSON.parse(readFileSync(join(node, 'package.json'), 'utf8'));
  manifest.devDependencies['recall-emulator'] = `file:${tarball}`;
  writeFileSync(join(node, 'package.json'), JSON.stringify(manifest));
  run('npm', ['install', '--no-audit', '--no-fund'], node);
  run('npx', ['tsc'], node);
  run('npm', ['test'], node);

  // Debian's package belongs to Debian's Python, which need not be the first in the path.
  const python = ['python3', '/usr/bin/python3'].find(
    (command) => spawnSync(command, ['-c', 'import websockets']).status === 0,
  );
  if (python !== undefined) {
    process.env.PYTHON = python;
    run(
      'sh',
      [join(root, 'examples/python-receiver/smoke.sh'), join(node, 'node_modules/.bin/recall-emulator')],
      join(root, 'examples/python-receiver'),
    );
  } else console.log('examples/python-receiver skipped: python3 with websockets is not installed');
} finally {
  rmSync(work, { recursive: true, force: true });
}
