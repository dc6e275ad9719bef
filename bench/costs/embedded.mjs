/** Microseconds a frame of a generated meeting at full speed into the embedded receiver, which keeps and compares all of it. */
import { load, meter, scratch, size } from './meter.mjs';

const { generateMeeting, play } = await load('index.js');
const scenario = await generateMeeting({ participants: 6, durationSeconds: Math.ceil(600 * size), seed: 1 });
const out = await scratch();
const spent = meter();
const { ok, sent } = await play({ scenario, speed: 'max', out });
if (!ok) throw new Error('not everything arrived');
globalThis.figure = spent() / sent;
