/** The thread around a `Shard`: takes its share, reports every second, ends when told. */
import { parentPort, workerData } from 'node:worker_threads';
import { EmulatorError, toErrorData } from '../errors.ts';
import type { FromWorker, ToWorker, WorkerOptions } from './messages.ts';
import { Shard } from './shard.ts';

const PROGRESS_MS = 1_000;

const port = parentPort!;
const say = (message: FromWorker): void => port.postMessage(message);

void begin();

/**
 * No `await` stands at the top level of this module: Node 20 aborts the whole process when a thread is ended at the moment at which
 * a module that has one is evaluated.
 */
async function begin(): Promise<void> {
  try {
    const shard = await Shard.create(workerData as WorkerOptions);
    port.on('message', (message: ToWorker) => {
      if (message.kind === 'stop') shard.stop();
      else run(shard).catch(refuse);
    });
    say({ kind: 'ready' });
  } catch (error) {
    refuse(error);
  }
}

async function run(shard: Shard): Promise<void> {
  const tell = (): void =>
    say({ kind: 'progress', totals: shard.totals(), intervalLateness: shard.takeInterval() });
  const timer = setInterval(tell, PROGRESS_MS);
  try {
    await shard.run();
  } catch (error) {
    // What was done until then counts.
    tell();
    throw error;
  } finally {
    clearInterval(timer);
  }
  say({
    kind: 'done',
    totals: shard.totals(),
    histograms: shard.histograms(),
    diagnoses: shard.diagnoses(),
  });
  port.close();
}

/** What a user can mend is said in their terms. Anything else ends the thread with its trace. */
function refuse(error: unknown): void {
  if (!(error instanceof EmulatorError)) throw error;
  say({ kind: 'refused', refusal: toErrorData(error) });
  port.close();
}
