/** Milliseconds of processor time of `serve` from its start to its first answer. */
import { once } from 'node:events';
import { get } from 'node:http';
import { createServer } from 'node:net';
import { root } from './meter.mjs';
import { mainOf } from './rows.mjs';

const free = createServer().listen(0, '127.0.0.1');
await once(free, 'listening');
const { port } = free.address();
free.close();
await once(free, 'close');

process.argv = [process.execPath, 'recall-emulator', 'serve', '--port', String(port), '--quiet'];
// Runs until it is told to end.
import(mainOf(root));
while (!(await isAnswered())) await new Promise((resolve) => setTimeout(resolve, 10));
const { user, system } = process.cpuUsage();
globalThis.figure = (user + system) / 1_000;
process.kill(process.pid, 'SIGINT');

async function isAnswered() {
  return new Promise((resolve) => {
    const headers = { authorization: 'Token any-key' };
    get({ port, host: '127.0.0.1', path: '/api/v1/bot/', headers }, (response) => {
      response.resume();
      response.on('end', () => resolve(response.statusCode === 200));
    }).on('error', () => resolve(false));
  });
}
