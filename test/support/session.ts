/** A session in virtual time that goes nowhere: for what runs beside its streams. */
import { virtualClock } from '../../src/emulator/clock.ts';
import { Pacer } from '../../src/emulator/pacer.ts';
import { Session } from '../../src/emulator/session.ts';
import { createIds } from '../../src/protocol/ids.ts';
import { compileScenario } from '../../src/scenario/compile.ts';
import type { Scenario } from '../../src/scenario/schema.ts';
import type { Timeline } from '../../src/scenario/timeline.ts';

export async function makeSession(
  meeting: Scenario | Timeline,
  onFrame?: (participant: number, startSample: number, pcm: Int16Array) => void,
): Promise<Session> {
  return new Session({
    timeline: 'streams' in meeting ? meeting : await compileScenario(meeting),
    endpoints: [],
    pacer: new Pacer(virtualClock()),
    ids: createIds(1),
    recording: { id: 'r', metadata: {} },
    audioSeparate: { id: 'a', metadata: {} },
    bot: null,
    startMicros: 0,
    absoluteFormat: 'micros-offset',
    mode: 'per-participant',
    frameMs: [100],
    connection: {} as never,
    nowSeconds: () => 0,
    onFrame,
  });
}
