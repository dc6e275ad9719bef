/** Flags of load tests. */
import { LOAD_DEFAULTS } from '../../load/defaults.ts';
import { secondsText, text, toggle, valued } from '../flag.ts';
import * as read from '../readers.ts';

export const LOAD_FLAGS = {
  bots: valued('bots', '--bots <n>', 'meetings at the same time', read.integer, `${LOAD_DEFAULTS.bots}`),
  ramp: valued(
    'rampSeconds',
    '--ramp <time>',
    'bots begin one after the other over this long',
    read.seconds,
    'a tenth of the duration, at most 10s',
  ),
  workers: valued(
    'workers',
    '--workers <n|auto>',
    'threads; auto leaves one core for the receiver',
    read.workers,
    'auto',
  ),
  thresholds: text(
    'thresholds',
    '--thresholds <list>',
    "what has to hold, such as 'lateness_p99<20ms,dropped=0,connect_p95<0.5s'; numbers without a unit are ms, bytes or counts",
  ),
  findLimit: toggle(
    undefined,
    '--find-limit',
    'add bots until a threshold breaks; --bots is the first number',
  ),
  maxBots: valued(
    'maxBots',
    '--max-bots <n>',
    'the most that --find-limit tries',
    read.integer,
    `${LOAD_DEFAULTS.maxBots}`,
  ),
  pingEvery: valued(
    'pingEverySeconds',
    '--ping-every <time>',
    'how often each connection is pinged',
    read.seconds,
    secondsText(LOAD_DEFAULTS.pingEverySeconds),
  ),
  metricsPort: valued(
    'metricsPort',
    '--metrics-port <n>',
    'serve Prometheus metrics on this port of 127.0.0.1 while it runs',
    read.port,
  ),
} as const;
