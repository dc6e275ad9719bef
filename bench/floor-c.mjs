/** Runs the floor in C, which is compiled for it. Where there is no `cc`, says so: it is not there to be measured. */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { frameOf } from './floor.mjs';

const { url, streams, frameMs, seconds, text } = JSON.parse(process.argv[2]);
const dir = mkdtempSync(join(tmpdir(), 'recall-emulator-floor-'));
const program = join(dir, 'floor');
const source = fileURLToPath(new URL('floor.c', import.meta.url));
const compiled = spawnSync('cc', ['-O2', '-o', program, source], { encoding: 'utf8' });
if (compiled.status !== 0) {
  rmSync(dir, { recursive: true });
  process.send({ skipped: compiled.error === undefined ? compiled.stderr.trim() : 'there is no cc' });
} else {
  const words = [new URL(url).port, streams, frameMs, seconds, frameOf(text).length].map(String);
  const child = spawn(program, words, { stdio: ['ignore', 'pipe', 'inherit'] });
  let printed = '';
  child.stdout.on('data', (chunk) => {
    printed += chunk;
  });
  child.on('close', () => {
    rmSync(dir, { recursive: true });
    process.send(JSON.parse(printed));
  });
}
