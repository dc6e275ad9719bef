/** All faults, one line each. `docs/faults.md` tells of them in this order. */
import { bandwidth } from './bandwidth.ts';
import { burst } from './burst.ts';
import { clockSkew } from './clock-skew.ts';
import { drop } from './drop.ts';
import { duplicated } from './duplicated.ts';
import type { FaultKind } from './fault.ts';
import { fragments } from './fragments.ts';
import { halfOpen } from './half-open.ts';
import { idle } from './idle.ts';
import { lateClose } from './late-close.ts';
import { latency } from './latency.ts';
import { lost } from './lost.ts';
import { malformed } from './malformed.ts';
import { pingFlood } from './ping-flood.ts';
import { reconnect } from './reconnect.ts';
import { refuse } from './refuse.ts';
import { reset } from './reset.ts';
import { slicer } from './slicer.ts';
import { stall } from './stall.ts';
import { swapped } from './swapped.ts';
import { unknownEvent } from './unknown-event.ts';
import { unknownFields } from './unknown-fields.ts';

export const FAULTS: readonly FaultKind[] = [
  reconnect,
  lateClose,
  drop,
  refuse,
  latency,
  bandwidth,
  stall,
  burst,
  slicer,
  fragments,
  reset,
  halfOpen,
  lost,
  duplicated,
  swapped,
  clockSkew,
  malformed,
  unknownEvent,
  unknownFields,
  pingFlood,
  idle,
];
