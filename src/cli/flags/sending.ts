/** Flags that say how it is sent. */
import { DEFAULTS } from '../../emulator/options.ts';
import { SERVER_DEFAULTS } from '../../server/defaults.ts';
import { choice, secondsText, text, toggle, valued } from '../flag.ts';
import * as read from '../readers.ts';

export const SENDING_FLAGS = {
  connections: choice(
    'connections',
    '--connections <mode>',
    'one WebSocket per unmuted participant, or one per endpoint',
    ['per-participant', 'per-endpoint'],
    DEFAULTS.connections,
  ),
  frameMs: valued(
    'frameMs',
    '--frame-ms <list>',
    'audio per message, 10 to 1000 ms; a list such as 20,100 is repeated',
    read.frameMs,
    `${DEFAULTS.frameMs.join()} ms`,
  ),
  mixedFrameMs: valued(
    'mixedFrameMs',
    '--mixed-frame-ms <n>',
    'mixed audio per message, 10 to 1000 ms',
    read.oneFrameMs,
    `${SERVER_DEFAULTS.mixedFrameMs} ms`,
  ),
  absoluteFormat: choice(
    'absoluteFormat',
    '--absolute-format <format>',
    'how timestamp.absolute is written',
    ['micros-offset', 'z-micros', 'z-millis'],
    DEFAULTS.absoluteFormat,
  ),
  secret: text(
    'secret',
    '--secret <whsec>',
    'secret (whsec_…) that signs upgrades, the requests that open a WebSocket, and webhooks',
  ),
  header: valued(
    'headers',
    '--header <line>',
    "add a header to every upgrade, 'name: value'; may be repeated",
    read.header,
  ),
  insecure: toggle('insecure', '--insecure', 'accept any TLS certificate, such as a self-signed one'),
  tolerateInvalidFrames: toggle(
    'tolerateInvalidFrames',
    '--tolerate-invalid-frames',
    'skip bytes from a receiver that are no WebSocket frame, and show them',
  ),
  retryAttempts: valued(
    'retryAttempts',
    '--retry-attempts <n>',
    'dials after a failure, before an endpoint counts as failed',
    read.integer,
    `${DEFAULTS.retryAttempts}`,
  ),
  retryInterval: valued(
    'retryIntervalSeconds',
    '--retry-interval <time>',
    'time between two dials',
    read.seconds,
    secondsText(DEFAULTS.retryIntervalSeconds),
  ),
  maxBacklog: valued(
    'maxBacklogBytes',
    '--max-backlog <bytes>',
    'bytes a receiver may leave unread per connection before frames are dropped',
    read.bytes,
    `${DEFAULTS.maxBacklogBytes / 1024 ** 2}M`,
  ),
  bufferDisconnected: valued(
    'bufferDisconnectedSeconds',
    '--buffer-disconnected <time>',
    'audio to keep while there is no connection, and to send later',
    read.seconds,
    secondsText(DEFAULTS.bufferDisconnectedSeconds),
  ),
  connectGrace: valued(
    'connectGraceSeconds',
    '--connect-grace <time>',
    'audio to keep while a handshake is under way',
    read.seconds,
    secondsText(DEFAULTS.connectGraceSeconds),
  ),
  reconnectEvery: valued(
    'reconnectEverySeconds',
    '--reconnect-every <time>',
    'drop each connection this often and dial again, as seen on live calls',
    read.seconds,
    'never',
  ),
  reconnectGap: valued(
    'reconnectGapSeconds',
    '--reconnect-gap <time>',
    'how long such a drop lasts',
    read.seconds,
    secondsText(DEFAULTS.reconnectGapSeconds),
  ),
  lateClose: valued(
    'lateCloseSeconds',
    '--late-close <time>',
    'keep a socket open this long after a mute or a --reconnect-every',
    read.seconds,
    secondsText(DEFAULTS.lateCloseSeconds),
  ),
  handshakeTimeout: valued(
    'handshakeTimeoutSeconds',
    '--handshake-timeout <time>',
    'wait this long for the answer to an upgrade',
    read.seconds,
    secondsText(DEFAULTS.handshakeTimeoutSeconds),
  ),
  closeTimeout: valued(
    'closeTimeoutSeconds',
    '--close-timeout <time>',
    'wait this long for the answer to our close frame',
    read.seconds,
    secondsText(DEFAULTS.closeTimeoutSeconds),
  ),
  stallTimeout: valued(
    'stallTimeoutSeconds',
    '--stall-timeout <time>',
    'with --speed max: wait this long for a receiver that does not read',
    read.seconds,
    secondsText(DEFAULTS.stallTimeoutSeconds),
  ),
  fault: valued(
    'faults',
    '--fault <spec>',
    'let something go wrong, such as latency=200ms±50ms, lost=1% or reset@3s (docs/faults.md); may be repeated',
    read.list,
  ),
} as const;
