/**
 * `npm run bench -- serve`: how many bots one `serve` plays at an app in real time. Two people each, who are unmuted all the time.
 * The app, a process of its own, says how old frames are when they come; a status webhook comes for every step of a bot.
 */
import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import Table from 'cli-table3';

const MAIN = fileURLToPath(new URL('../dist/command/main.js', import.meta.url));
const FRAME_MS = 100;
const PEOPLE = 2;
/** Older than this in one of a hundred frames, and the bots are not held. Streams are spread over the length of a frame, on purpose. */
const HELD_MS = 2 * FRAME_MS;
const CREATED_TOGETHER = 10;

export async function benchServe({ bots, seconds, finished, json }) {
  const rows = [];
  // 0 for none.
  for (const count of bots.filter((each) => each > 0)) {
    console.error(`serve: ${count} bots for ${seconds} s …`);
    rows.push(await measure(count, seconds));
    console.error(`  ${JSON.stringify(rows.at(-1))}`);
  }
  console.error(`serve: ${finished} bots that have been …`);
  const past = finished === 0 ? undefined : await measureFinished(finished);
  if (json) console.log(JSON.stringify({ rows, finished: past }));
  else print(rows, seconds, past);
}

/** What bots take that are done: ten at a time play the stand-up, as fast as it goes, and nobody listens. */
async function measureFinished(bots) {
  const serve = spawn(
    process.execPath,
    [MAIN, 'serve', '--port', '0', '--json', '--quiet', '--speed', 'max', '--scenario', 'standup'],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  try {
    const url = await readyUrl(serve, () => '');
    const before = rssMb(serve.pid);
    for (let made = 0; made < bots; made += CREATED_TOGETHER)
      await Promise.all(
        Array.from({ length: Math.min(CREATED_TOGETHER, bots - made) }, async () => {
          const { id } = await createBot(url, undefined);
          const done = await fetch(`${url}/_emulator/wait?bot=${id}&status=done&timeout=300s`);
          if (done.status !== 200) throw new Error(`wait: ${done.status} ${await done.text()}`);
          await done.arrayBuffer();
        }),
      );
    await sleep(2_000);
    return { bots, rssMb: rssMb(serve.pid), rssMbBefore: before };
  } finally {
    serve.kill('SIGKILL');
  }
}

async function measure(bots, seconds) {
  const dir = mkdtempSync(join(tmpdir(), 'recall-emulator-bench-'));
  const app = fork(new URL('age-sink.mjs', import.meta.url), [JSON.stringify({ frameMs: FRAME_MS })]);
  const [{ port }] = await once(app, 'message');
  const scenario = join(dir, 'meeting.json');
  writeFileSync(scenario, JSON.stringify(meeting(seconds + 10 + bots / 10)));
  const serve = spawn(
    process.execPath,
    [
      ...[MAIN, 'serve', '--port', '0', '--json', '--quiet', '--scenario', scenario],
      ...['--webhook-url', `http://127.0.0.1:${port}/`, '--frame-ms', String(FRAME_MS)],
      ...['joining_call', 'in_waiting_room', 'in_call_not_recording', 'recording_permission'].flatMap(
        (status) => ['--delay', `${status}=0s`],
      ),
    ],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let said = '';
  serve.stderr.on('data', (chunk) => {
    said += chunk;
  });
  const report = async () => {
    app.send('report');
    const [figures] = await once(app, 'message');
    return figures;
  };
  try {
    const url = await readyUrl(serve, () => said);
    const startedMs = performance.now();
    for (let made = 0; made < bots; made += CREATED_TOGETHER)
      await Promise.all(
        Array.from({ length: Math.min(CREATED_TOGETHER, bots - made) }, () => createBot(url, port)),
      );
    const createMs = performance.now() - startedMs;
    await sleep(1_000);
    const { webhooks } = await report();
    const before = cpuSeconds(serve.pid);
    await sleep(seconds * 1_000);
    const cpu = cpuSeconds(serve.pid) - before;
    const { frames, sockets, p50, p99, max } = await report();
    return {
      bots,
      streams: sockets,
      held: p99 !== null && p99 <= HELD_MS && sockets === bots * PEOPLE,
      frames,
      expected: Math.round((bots * PEOPLE * seconds * 1_000) / FRAME_MS),
      p50,
      p99,
      max,
      webhooksPerSecond: webhooks / (createMs / 1_000 + 1),
      cpuPercent: (100 * cpu) / seconds,
      rssMb: rssMb(serve.pid),
    };
  } finally {
    serve.kill('SIGKILL');
    app.kill();
    rmSync(dir, { recursive: true, force: true });
  }
}

function meeting(seconds) {
  const ids = Array.from({ length: PEOPLE }, (_, index) => 100 * (index + 1));
  return {
    duration: Math.ceil(seconds),
    participants: ids.map((id) => ({ id, name: `Person ${id}` })),
    timeline: ids.flatMap((participant) => [
      { at: 0, participant, action: 'unmute' },
      { at: 0.1, participant, action: 'speak', duration: '5s' },
    ]),
  };
}

/** From the first line of its output. The rest is read, too: what is not read stops who writes it. */
function readyUrl(serve, said) {
  let text = '';
  return new Promise((resolve, reject) => {
    serve.once('exit', () => reject(new Error(`serve ended: ${said()}`)));
    serve.stdout.on('data', (chunk) => {
      if (text.includes('\n')) return;
      text += chunk;
      if (text.includes('\n')) resolve(JSON.parse(text.slice(0, text.indexOf('\n'))).url);
    });
  });
}

/** Without a port nobody listens to it. */
async function createBot(url, port) {
  const response = await fetch(`${url}/api/v1/bot/`, {
    method: 'POST',
    headers: { authorization: 'Token bench', 'content-type': 'application/json' },
    body: JSON.stringify({
      meeting_url: 'https://zoom.us/j/123456789',
      recording_config: {
        audio_separate_raw: {},
        transcript: port === undefined ? { provider: { meeting_captions: {} } } : null,
        realtime_endpoints:
          port === undefined
            ? []
            : [{ type: 'websocket', url: `ws://127.0.0.1:${port}/`, events: ['audio_separate_raw.data'] }],
      },
    }),
  });
  if (response.status !== 201) throw new Error(`create: ${response.status} ${await response.text()}`);
  return response.json();
}

/** Of Linux; elsewhere not a number. */
function cpuSeconds(pid) {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
    return (Number(fields[11]) + Number(fields[12])) / 100;
  } catch {
    return Number.NaN;
  }
}

function rssMb(pid) {
  try {
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1_024;
  } catch {
    return Number.NaN;
  }
}

function print(rows, seconds, past) {
  const table = new Table({
    head: ['bots', 'streams', 'held', 'frames', 'age p50', 'p99', 'max', 'webhooks/s', 'CPU', 'RSS'],
    style: { head: [], border: [], compact: true },
    colAligns: Array(10).fill('right'),
  });
  for (const row of rows)
    table.push([
      row.bots,
      row.streams,
      row.held ? 'yes' : 'no',
      `${row.frames}/${row.expected}`,
      ...[row.p50, row.p99, row.max].map((ms) => (ms === null ? '' : `${Math.round(ms)} ms`)),
      Math.round(row.webhooksPerSecond),
      `${Math.round(row.cpuPercent)} %`,
      `${Math.round(row.rssMb)} MiB`,
    ]);
  console.log(table.toString());
  console.log(
    `${PEOPLE} people a bot, ${FRAME_MS} ms a frame, ${seconds} s. age: when the app had a frame, after it was due, by the clock of both. ` +
      `held: all streams came, and p99 is at most ${HELD_MS} ms. webhooks/s: while the bots were created.`,
  );
  if (past === undefined) return;
  const [before, after] = [past.rssMbBefore, past.rssMb].map(Math.round);
  console.log(
    `${past.bots} bots that are done, of the stand-up: ${after} MiB; ${before} MiB before the first.`,
  );
}
