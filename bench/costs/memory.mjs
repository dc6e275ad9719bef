/** A load test of 10,000 streams in one thread, at the sink: its memory counts. */
import { load, size, startSink } from './meter.mjs';

const { runLoad } = await load('index.js');
const sink = await startSink();
const bots = Math.ceil(2_500 * size);
await runLoad({ to: sink.url, bots, durationSeconds: 6, rampSeconds: 4, frameMs: 1_000, workers: 1 });
sink.stop();
