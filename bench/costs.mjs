/**
 * `npm run bench`: what users wait for, as ratios to the commit before, so that a change sees what it cost. Both builds take turns;
 * processor time counts, not the clock on the wall, so that others on the machine disturb little.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Table from 'cli-table3';
import { measure, ROWS } from './costs/rows.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '');
const CACHE = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'recall-emulator-bench');
const TSC = join(ROOT, 'node_modules/typescript/bin/tsc');
const VITE = join(ROOT, 'node_modules/vite/bin/vite.js');
const BUNDLE = 'cli.vite.config.ts';

/** `only`: rows whose name has this text. */
export async function benchCosts({ against, rounds, only, json }) {
  const rows = ROWS.filter(({ name }) => name.includes(only));
  if (rows.length === 0) fail(`no row has "${only}" in its name. They are: ${names()}.`);
  if (!(Number.isInteger(rounds) && rounds > 0)) fail('--rounds is a whole number, 1 or more.');
  const before = buildOf(against);
  build(ROOT);
  const dir = mkdtempSync(join(tmpdir(), 'recall-emulator-bench-'));
  const results = [];
  try {
    for (const row of rows) results.push(await compare(row, before.root, dir, rounds));
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
  if (json) console.log(JSON.stringify({ against: before.commit, rounds, rows: results }));
  else print(results, before.commit, rounds);
}

/** The medians of a row's alternating runs. */
async function compare(row, before, dir, rounds) {
  console.error(`${row.name} …`);
  const figures = { before: [], now: [] };
  const errors = {};
  for (let round = 0; round < rounds; round++) {
    for (const [which, root] of [
      ['before', before],
      ['now', ROOT],
    ]) {
      const { value, error } = await measure(row, root, join(dir, which));
      if (error === undefined) figures[which].push(value);
      else errors[which] = error;
    }
  }
  const { name, unit } = row;
  return { name, unit, before: median(figures.before), now: median(figures.now), errors };
}

function print(results, commit, rounds) {
  const table = new Table({
    head: ['', `before (${commit.slice(0, 7)})`, 'now', 'ratio'],
    style: { head: [], border: [], compact: true },
    colAligns: ['left', 'right', 'right', 'right'],
  });
  for (const { name, unit, before, now } of results)
    table.push([name, shown(before, unit), shown(now, unit), before && now ? (now / before).toFixed(2) : '']);
  console.log(table.toString());
  for (const { name, errors } of results)
    for (const [which, error] of Object.entries(errors)) console.log(`${name}, ${which}: ${error}`);
  console.log(
    `Medians of ${rounds} alternating runs; processor time of all threads, user and system. A ratio as far from 1 as the control's says nothing.`,
  );
}

/** The build of a commit, made once and kept outside of the project. */
function buildOf(against) {
  const git = (...args) => execFileSync('git', ['-C', ROOT, ...args], { maxBuffer: 2 ** 30 });
  let commit;
  try {
    commit = git('rev-parse', '--verify', '--quiet', `${against}^{commit}`).toString().trim();
  } catch {
    fail(`git knows no commit "${against}": give one with --against.`);
  }
  const root = join(CACHE, commit);
  if (existsSync(root)) return { commit, root };
  console.error(`building ${against} (${commit.slice(0, 7)}) in ${root} …`);
  mkdirSync(CACHE, { recursive: true });
  const part = mkdtempSync(join(CACHE, 'part-'));
  execFileSync('tar', ['-x', '-C', part], { input: git('archive', commit) });
  symlinkSync(join(ROOT, 'node_modules'), join(part, 'node_modules'));
  build(part);
  renameSync(part, root);
  return { commit, root };
}

function build(root) {
  const run = (...args) => execFileSync(process.execPath, args, { cwd: root, stdio: 'inherit' });
  run(TSC, '-p', 'tsconfig.build.json');
  // Earlier commits have no bundle.
  if (existsSync(join(root, BUNDLE))) run(VITE, 'build', '-c', BUNDLE);
}

function names() {
  return ROWS.map(({ name }) => name).join('; ');
}

function shown(value, unit) {
  return value === undefined ? '–' : `${value.toFixed(unit === 'µs' ? 1 : 0)} ${unit}`;
}

function median(list) {
  return list.sort((a, b) => a - b)[Math.floor(list.length / 2)];
}

function fail(text) {
  console.error(`error: ${text}`);
  process.exit(2);
}
