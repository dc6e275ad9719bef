import type { Script, StepOf } from '../../emulator/script.ts';
import type { Case } from '../case.ts';
import { meetingOf, PEOPLE } from '../meeting.ts';

export const connectionsSecondWhileOpen: Case = {
  id: 'connections.second_while_open',
  title: 'a second connection for the same audio opens while the first is still open',
  expects: 'What comes over either of them is kept, once and in order.',
  why: 'When a connection is taken for lost, its successor may be there before the receiver has noticed the end of the first, or instead of it.',
  source: 'Seen on live calls: late closes of the old socket',
  remedy:
    'Do not refuse a connection because there is one already, and do not close the older one: keep state by recording and participant, not by connection.',
  tier: 'default',
  rounds: () => [
    [{ scenario: meetingOf([{ ...PEOPLE[0], unmuted: [[0, 2.4]] }], 2.4), script: secondInTheMiddle }],
  ],
};

/** Opens before the tenth message, which is the first that goes over it; the first one stays open to the end. */
const SECOND_AT = 10;
/** Of no other connection in the script. */
const SECOND = 1_000;

function* secondInTheMiddle(steps: Script): Generator<StepOf<Script>> {
  let messages = 0;
  for (const step of steps) {
    if (step.kind !== 'message') {
      yield step;
      continue;
    }
    messages++;
    const { atSample } = step;
    if (messages === SECOND_AT) yield { kind: 'open', connection: SECOND, atSample };
    yield messages < SECOND_AT ? step : { ...step, connection: SECOND };
  }
}
