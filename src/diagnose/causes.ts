/** Every cause we know, the one with the narrowest pattern first. Adding one is adding a file and a line. */
import type { Cause } from './cause.ts';
import { address } from './causes/address.ts';
import { blockedLoop } from './causes/blocked-loop.ts';
import { closeEndsAll } from './causes/close-ends-all.ts';
import { closeUnanswered } from './causes/close-unanswered.ts';
import { closedAtOnce } from './causes/closed-at-once.ts';
import { connectionLimit } from './causes/connection-limit.ts';
import { crash } from './causes/crash.ts';
import { credentials } from './causes/credentials.ts';
import { handlerError } from './causes/handler-error.ts';
import { handlerReturned } from './causes/handler-returned.ts';
import { idleTimeout } from './causes/idle-timeout.ts';
import { invalidFrames } from './causes/invalid-frames.ts';
import { invalidPayload } from './causes/invalid-payload.ts';
import { leftAfterMute } from './causes/left-after-mute.ts';
import { messageTooBig } from './causes/message-too-big.ts';
import { muteEndsMeeting } from './causes/mute-ends-meeting.ts';
import { neverReads } from './causes/never-reads.ts';
import { newcomerClosesOlder } from './causes/newcomer-closes-older.ts';
import { notWebSocket } from './causes/not-websocket.ts';
import { oneConnection } from './causes/one-connection.ts';
import { overloaded } from './causes/overloaded.ts';
import { ownLimits } from './causes/own-limits.ts';
import { policy } from './causes/policy.ts';
import { rawBytes } from './causes/raw-bytes.ts';
import { shutdown } from './causes/shutdown.ts';
import { slowReader } from './causes/slow-reader.ts';
import { slowUpgrade } from './causes/slow-upgrade.ts';
import { tls } from './causes/tls.ts';
import { tokenOnce } from './causes/token-once.ts';
import { unsupportedData } from './causes/unsupported-data.ts';
import { upgradeError } from './causes/upgrade-error.ts';
import { wrongPath } from './causes/wrong-path.ts';

export const CAUSES: readonly Cause[] = [
  ownLimits,
  // Nobody is there, or it speaks another language.
  address,
  tls,
  notWebSocket,
  // What is sent on the wire.
  rawBytes,
  invalidFrames,
  // The end of the process.
  crash,
  shutdown,
  // What a close code says about a message.
  messageTooBig,
  unsupportedData,
  invalidPayload,
  // Rules for connections.
  newcomerClosesOlder,
  oneConnection,
  tokenOnce,
  muteEndsMeeting,
  closeEndsAll,
  connectionLimit,
  // Who is not let in at all.
  wrongPath,
  credentials,
  policy,
  handlerError,
  overloaded,
  upgradeError,
  slowUpgrade,
  // How long, and how fast.
  idleTimeout,
  closedAtOnce,
  handlerReturned,
  neverReads,
  slowReader,
  closeUnanswered,
  // Nothing was lost for these.
  blockedLoop,
  leftAfterMute,
];
