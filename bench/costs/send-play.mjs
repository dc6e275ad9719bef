/** Microseconds a frame of `play` in real time, 200 streams of 20 ms, at the sink. */
import { load, meter, size, startSink } from './meter.mjs';

const { meeting, play } = await load('index.js');
const seconds = 3 * size;
const built = meeting({ title: 'bench' });
for (let index = 0; index < 200; index++) {
  built.participant({ id: 100 + index, name: `Participant ${index}` }, (participant) =>
    participant.unmute(0).mute(seconds),
  );
}
const sink = await startSink();
const spent = meter();
const { sent } = await play({ scenario: built.build(), to: sink.url, frameMs: 20 });
globalThis.figure = spent() / sent;
sink.stop();
