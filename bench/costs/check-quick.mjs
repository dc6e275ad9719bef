/** Milliseconds of processor time of `check --quick` and the embedded receiver that it looks at. */
import { load, meter, scratch, size } from './meter.mjs';

const { check, startReceiver } = await load('index.js');
const dir = await scratch();
const receiver = await startReceiver({ dir });
const files = [`${dir}/recording-{recording_id}/participant-{id}.wav`];
const spent = meter();
// A part of it is one case.
const { ok } = await check({
  url: receiver.url,
  files,
  suite: 'quick',
  seed: 1,
  ...(size < 1 && { cases: ['basic.one_speaker'], connections: 'per-endpoint' }),
});
globalThis.figure = spent() / 1_000;
await receiver.close();
if (!ok) throw new Error('the receiver did not pass');
