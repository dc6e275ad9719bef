/** The thread around a `Shard`: takes its share, reports every second, ends when told. */
import { parentPort, workerData } from 'node:worker_threads';
import type { FromWorker, ToWorker, WorkerOptions } from './messages.ts';
import { Shard } from './shard.ts';

const PROGRESS_MS = 1_000;

const port = parentPort!;
const say = (message: FromWorker): void => port.postMessage(message);
const shard = await Shard.create(workerData as WorkerOptions);

port.on('message', (message: ToWorker) => {
  if (message.kind === 'stop') shard.stop();
  else void run();
});
say({ kind: 'ready' });

async function run(): Promise<void> {
  const timer = setInterval(
    () => say({ kind: 'progress', totals: shard.totals(), intervalLateness: shard.takeInterval() }),
    PROGRESS_MS,
  );
  await shard.run();
  clearInterval(timer);
  say({ kind: 'done', totals: shard.totals(), histograms: shard.histograms() });
  port.close();
}
