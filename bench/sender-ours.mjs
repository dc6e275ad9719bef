/** Our sender: `play` of a meeting in which everybody is unmuted from the start, and begins to talk one after the other. */
import { meeting, play } from '../dist/index.js';

const CONNECT_SECONDS = 2;
const { url, streams, frameMs, seconds, rampSeconds, audio } = JSON.parse(process.argv[2]);

const built = meeting({ title: 'bench' });
for (let index = 0; index < streams; index++) {
  const startSeconds = CONNECT_SECONDS + Math.round((index / streams) * rampSeconds * 1_000) / 1_000;
  built.participant({ id: 100 + index, name: `Participant ${index}`, silence: 'gap' }, (participant) =>
    participant
      .unmute(0)
      .speak(startSeconds, { audio })
      .mute(CONNECT_SECONDS + rampSeconds + seconds),
  );
}
const before = process.cpuUsage();
const report = await play({ scenario: built.build(), to: url, frameMs });
const { user, system } = process.cpuUsage(before);
process.send({
  ...report.lateness_ms,
  cpuSeconds: (user + system) / 1e6,
  dropped: report.dropped.total,
  rssMb: process.resourceUsage().maxRSS / 1_024,
});
