/** One dial with its end: from a URL to an open WebSocket, or to the reason why not, told in the receiver's terms. */
import type { Clock } from './clock.ts';
import { type Dial, type DialOptions, dial } from './dial.ts';
import { describeError, describeResponse, factsOf } from './dial-failure.ts';
import { type Failure, failure } from './failure.ts';
import type { EndpointHistory } from './retry.ts';

export interface HandshakeOptions extends DialOptions {
  readonly url: string;
  readonly clock: Clock;
  /** Whether the receiver has accepted a connection before: then a refusal means something else. */
  readonly history: Pick<EndpointHistory, 'hasOpened'>;
  onOpen(dialled: Dial, tookMs: number): void;
  onFailed(why: Failure): void;
}

/** A dial that may be refused before it is made. */
export interface AttemptOptions extends Omit<HandshakeOptions, 'headers'> {
  /** Headers of this upgrade. */
  headers(): DialOptions['headers'];
  /** Why it is to fail without being made, or undefined. */
  refusal(): Failure | undefined;
}

export interface Handshake {
  /** Ends it for a reason of ours, which `onFailed` is told. */
  end(why: Failure): void;
}

/**
 * Dials. Either `onOpen` or `onFailed` is called, once and later; virtual time waits for it. Returns the failure of a dial that
 * cannot be made at all.
 */
export function beginDial(options: AttemptOptions): Handshake | Failure {
  const refusal = options.refusal();
  if (refusal !== undefined) return refusal;
  try {
    return shakeHands({ ...options, headers: options.headers() });
  } catch (error) {
    // Whoever made the options has checked them; what gets here all the same fails like any other dial.
    return failure('dial_failed', `cannot be dialled: ${(error as Error).message}`);
  }
}

/** As `beginDial`; throws what `dial` throws for a URL or headers that nobody has checked. */
export function shakeHands(options: HandshakeOptions): Handshake {
  const { url, clock, handshakeTimeoutMs } = options;
  const dialledMs = clock.now();
  const dialled = dial(url, options);
  const releaseTime = clock.hold();
  const { webSocket } = dialled;
  let settled = false;
  let why: Failure | undefined;
  let endedFor: Failure | undefined;
  const cancelTimeout = clock.afterWall(handshakeTimeoutMs, () => {
    why ??= failure(
      'upgrade_timeout',
      `receiver did not answer the upgrade within ${handshakeTimeoutMs / 1_000} s`,
    );
    webSocket.terminate();
  });
  webSocket.on('unexpected-response', (_request, response) => {
    const { statusCode = 0, statusMessage, headers } = response;
    why ??= describeResponse(
      statusCode,
      statusMessage,
      headers.location,
      options.history.hasOpened,
      factsOf(headers),
    );
    response.resume();
    webSocket.terminate();
  });
  webSocket.on('error', (error) => {
    if (!settled) why ??= describeError(error, url, 'upgrade');
  });
  webSocket.on('close', () => {
    if (settled) return;
    settled = true;
    cancelTimeout();
    options.onFailed(
      endedFor ?? why ?? failure('upgrade_hung_up', 'receiver closed the connection during the upgrade'),
    );
    releaseTime();
  });
  webSocket.on('open', () => {
    settled = true;
    cancelTimeout();
    options.onOpen(dialled, clock.now() - dialledMs);
    releaseTime();
  });
  return {
    end(reason) {
      endedFor = reason;
      webSocket.terminate();
    },
  };
}
