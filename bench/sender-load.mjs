/** Our sender of load tests, in one process and one thread: four participants a bot. */
import { decodeFromCompressedBase64 } from 'hdr-histogram-js';
import { sendSettings } from '../dist/emulator/options.js';
import { Shard } from '../dist/load/shard.js';

const PARTICIPANTS = 4;
const { url, streams, frameMs, seconds, rampSeconds } = JSON.parse(process.argv[2]);
const bots = Math.round(streams / PARTICIPANTS);
const shard = await Shard.create({
  to: url,
  bots: Array.from({ length: bots }, (_, bot) => bot),
  totalBots: bots,
  participants: PARTICIPANTS,
  durationSeconds: seconds,
  rampSeconds,
  scenario: undefined,
  seed: 1,
  headers: {},
  secret: undefined,
  send: sendSettings({ frameMs, retryAttempts: 0 }),
  faults: [],
  pingEverySeconds: 3_600,
});
/** What is measured is the time in which all play: handshakes and closes are the ramp's, and no floor has them. */
let steady;
setTimeout(
  () => {
    shard.takeInterval();
    steady = { cpu: process.cpuUsage(), sent: shard.totals().sent };
  },
  Math.min(rampSeconds + 0.5, seconds / 2) * 1_000,
);
let measured;
setTimeout(() => {
  const { user, system } = process.cpuUsage(steady.cpu);
  measured = {
    lateness: decodeFromCompressedBase64(shard.takeInterval(), 32),
    cpuSeconds: (user + system) / 1e6,
    cpuFrames: shard.totals().sent - steady.sent,
  };
}, seconds * 1_000);
await shard.run();
const { lateness, cpuSeconds, cpuFrames } = measured;
const ms = (percent) => Math.min(lateness.getValueAtPercentile(percent), lateness.maxValue) / 1_000;
const { dropped } = shard.totals();
process.send({
  p50: ms(50),
  p99: ms(99),
  max: lateness.maxValue / 1_000,
  cpuSeconds,
  cpuFrames,
  rssMb: process.resourceUsage().maxRSS / 1_024,
  dropped: Object.values(dropped).reduce((sum, count) => sum + count, 0),
});
