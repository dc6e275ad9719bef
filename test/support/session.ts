/** Sessions without `play` around them, in virtual time: for tests that act in the middle of a meeting, or beside its streams. */
import { virtualClock } from '../../src/emulator/clock.ts';
import { type SendOptions, sendSettings } from '../../src/emulator/options.ts';
import { Pacer } from '../../src/emulator/pacer.ts';
import { Session } from '../../src/emulator/session.ts';
import type { SessionOptions } from '../../src/emulator/session-options.ts';
import { createIds } from '../../src/protocol/ids.ts';
import { compileScenario } from '../../src/scenario/compile.ts';
import type { Scenario } from '../../src/scenario/schema.ts';
import type { Timeline } from '../../src/scenario/timeline.ts';

export interface SessionSetUp extends SendOptions, Pick<SessionOptions, 'video' | 'onFrame'> {
  /** What each endpoint asks for; separate audio when left out. */
  readonly events?: readonly string[] | undefined;
  readonly pacer?: Pacer | undefined;
}

/** A session with an endpoint for each URL. It does not dial again, unless `retryAttempts` says so. */
export function sessionAt(
  urls: readonly string[],
  timeline: Timeline,
  { events, pacer = new Pacer(virtualClock()), video, onFrame, ...send }: SessionSetUp = {},
): Session {
  const ids = createIds(1);
  const ref = (label: string) => ({ id: ids.uuid(label), metadata: {} });
  return new Session({
    ...sendSettings({ retryAttempts: 0, ...send }),
    timeline,
    endpoints: urls.map((url, index) => ({ url, resource: ref(`endpoint ${index}`), events })),
    pacer,
    ids,
    recording: ref('recording'),
    audioSeparate: ref('audio_separate'),
    bot: ref('bot'),
    startMicros: 0,
    nowSeconds: () => 0,
    video,
    onFrame,
  });
}

/** A session that goes nowhere: for what runs beside its streams. */
export async function makeSession(
  meeting: Scenario | Timeline,
  onFrame?: SessionOptions['onFrame'],
): Promise<Session> {
  return sessionAt([], 'streams' in meeting ? meeting : await compileScenario(meeting), { onFrame });
}
