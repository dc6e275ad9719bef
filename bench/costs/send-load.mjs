/** Microseconds a frame of a load test with one thread, 800 streams of 20 ms, at the sink. */
import { load, meter, size, startSink } from './meter.mjs';

const { runLoad } = await load('index.js');
const sink = await startSink();
const spent = meter();
const { sent } = await runLoad({
  to: sink.url,
  bots: 200,
  durationSeconds: Math.ceil(4 * size),
  rampSeconds: 0.5,
  frameMs: 20,
  workers: 1,
});
globalThis.figure = spent() / sent;
sink.stop();
