/**
 * What a failed dial or a failed socket means to whoever wrote the receiver: errors of Node, OpenSSL and ws as failures with a
 * code and a sentence. Says the cause where it is known, and no more than that.
 */
import type { IncomingHttpHeaders } from 'node:http';
import { plainText } from '../plain-text.ts';
import { type Failure, type FailureFacts, failure } from './failure.ts';

/** Characters of a `Server` header that are kept. */
const MAX_SERVER = 100;

type SystemError = Error & { code?: string; reason?: string; rawPacket?: Uint8Array };

/**
 * An HTTP answer other than 101 to our upgrade. `hasOpened`: the same URL has been accepted before in this session. `facts`: what
 * else the answer tells.
 */
export function describeResponse(
  status: number,
  statusText: string | undefined,
  location: string | undefined,
  hasOpened: boolean,
  facts: Pick<FailureFacts, 'server' | 'isWsLibrary'> = {},
): Failure {
  const { code, text } = ofStatus(status, statusText, location, hasOpened);
  return failure(code, text, { status, ...facts });
}

/** Who has answered, as far as its headers tell. */
export function factsOf(headers: IncomingHttpHeaders): Pick<FailureFacts, 'server' | 'isWsLibrary'> {
  const { server } = headers;
  // ws writes its refusals to the socket itself, and Node adds nothing to them.
  const isWsLibrary = headers['content-type'] === 'text/html' && headers.date === undefined;
  return {
    ...(server !== undefined && { server: plainText([server].flat().join(' '), MAX_SERVER) }),
    ...(isWsLibrary && server === undefined && { isWsLibrary }),
  };
}

function ofStatus(
  status: number,
  statusText: string | undefined,
  location: string | undefined,
  hasOpened: boolean,
): Failure {
  const answer = `receiver answered the upgrade with HTTP ${status}${statusText ? ` ${statusText}` : ''}`;
  if (status === 101)
    return failure('not_websocket', `${answer} without an Upgrade header: is it a WebSocket server?`);
  if (status >= 300 && status < 400) {
    const to = location === undefined ? '' : ` to ${location}`;
    return failure('upgrade_redirected', `${answer}${to}: redirects are not followed; give the final URL`);
  }
  if (status === 401 || status === 403) {
    return failure(
      'upgrade_status',
      hasOpened
        ? `${answer}: it had accepted the same URL before`
        : `${answer}: check the token in the URL, \`headers\` or \`secret\``,
    );
  }
  if (status === 404) return failure('upgrade_status', `${answer}: no WebSocket endpoint at this path`);
  if (status === 426)
    return failure(
      'upgrade_status',
      `${answer}: it is an HTTP server that wants another protocol or version`,
    );
  if (status >= 500) return failure('upgrade_status', `${answer}: it failed while handling the upgrade`);
  return failure('upgrade_status', `${answer} instead of 101 Switching Protocols`);
}

/**
 * An error of the socket or the WebSocket. `stray`: what the receiver wrote last, if that may be the reason. `isStrayText`: it is
 * plain text, with which no frame begins.
 */
export function describeError(
  error: SystemError,
  url: string,
  phase: 'upgrade' | 'open',
  stray?: string,
  isStrayText = false,
): Failure {
  const code = error.code ?? firstCode(error) ?? '';
  return (
    ofHangUp(error, new URL(url)) ??
    ofSystem(code, new URL(url), phase) ??
    ofTls(code, error, new URL(url)) ??
    ofProtocol(code, error, stray, isStrayText) ??
    failure(
      phase === 'upgrade' ? 'dial_failed' : 'reset_by_receiver',
      `${error.message}${code === '' ? '' : ` (${code})`}`,
    )
  );
}

/** Node gives an end in mid-handshake the code of a reset, though the receiver sent none. */
function ofHangUp({ message }: SystemError, { protocol, host }: URL): Failure | undefined {
  if (message.startsWith('Client network socket disconnected before secure TLS connection'))
    return failure(
      'tls_failed',
      `receiver at ${host} closed the connection during the TLS handshake: if it does not speak TLS on this port, use ws://`,
    );
  if (message !== 'socket hang up') return undefined;
  // Many TLS servers answer plain HTTP like this.
  const hint = protocol === 'ws:' ? ': if it speaks TLS on this port, use wss://' : '';
  return failure(
    'upgrade_hung_up',
    `receiver closed or destroyed the connection during the upgrade without an answer${hint}`,
  );
}

function ofSystem(code: string, { host, hostname }: URL, phase: 'upgrade' | 'open'): Failure | undefined {
  switch (code) {
    case 'ECONNREFUSED':
      return failure(
        'connection_refused',
        `receiver refused the connection at ${host} (${code}): is it running, and on this port?`,
      );
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return failure(
        'host_not_found',
        `receiver's host name ${hostname} was not found (${code}): check the URL`,
      );
    case 'ECONNRESET':
    case 'EPIPE':
      return phase === 'upgrade'
        ? failure('upgrade_reset', `receiver destroyed the connection during the upgrade (${code})`)
        : failure('reset_by_receiver', `receiver destroyed the connection without a close frame (${code})`);
    case 'ETIMEDOUT':
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'EHOSTDOWN':
      return failure('unreachable', `receiver at ${host} cannot be reached (${code})`);
    case 'EMFILE':
    case 'ENFILE':
      return failure(
        'own_descriptors',
        `this machine has no file descriptors left for another connection (${code}): raise ulimit -n`,
      );
    case 'EADDRNOTAVAIL':
      return failure(
        'own_ports',
        `this machine has no port left for another connection to ${host} (${code}): wait, or dial several addresses`,
      );
    default:
      return undefined;
  }
}

const UNTRUSTED = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
]);
const INVALID = new Set(['CERT_HAS_EXPIRED', 'CERT_NOT_YET_VALID', 'ERR_TLS_CERT_ALTNAME_INVALID']);

function ofTls(code: string, error: SystemError, { host }: URL): Failure | undefined {
  if (UNTRUSTED.has(code))
    return failure(
      'tls_untrusted',
      `receiver's TLS certificate is not trusted (${code}): use \`insecure\` for a self-signed one`,
    );
  if (INVALID.has(code))
    return failure(
      'tls_invalid_certificate',
      `receiver's TLS certificate is not valid for ${host} (${code}): fix it or use \`insecure\``,
    );
  // Node gives the alert as a code or, in the middle of a write, inside the message.
  const told = `${error.message}\n${code}`.replaceAll('_', ' ').toLowerCase();
  if (/certificate required|alert bad certificate|alert unknown ca/.test(told))
    return failure(
      'tls_client_certificate',
      `receiver at ${host} wants a client certificate (${code}), which is not supported: let it accept connections without one`,
    );
  if (!code.startsWith('ERR_SSL') && !code.startsWith('ERR_TLS') && code !== 'EPROTO') return undefined;
  if (/wrong version number|packet length too long/.test(told))
    return failure(
      'tls_failed',
      `TLS handshake with ${host} failed (${code}): it does not speak TLS on this port; use ws:// or another port`,
    );
  const alert = /alert ([a-z ]+[a-z])/.exec(told)?.[1];
  // TLS 1.2 has no alert of its own for a client without a certificate.
  const hint =
    alert === 'handshake failure'
      ? ': it may want a client certificate, which is not supported, or a cipher that Node does not offer'
      : '';
  return failure(
    'tls_failed',
    `TLS handshake with ${host} failed (${code}${alert === undefined ? '' : `, alert "${alert}"`})${hint}`,
  );
}

/** First byte of a TLS record: an alert, with which a TLS server answers plain HTTP. */
const TLS_ALERT = 0x15;

function ofProtocol(
  code: string,
  error: SystemError,
  stray: string | undefined,
  isStrayText: boolean,
): Failure | undefined {
  const shown = stray === undefined ? '' : `; ${stray}`;
  // The second one is for lengths beyond what a number can hold.
  if (code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH' || code === 'WS_ERR_UNSUPPORTED_DATA_PAYLOAD_LENGTH')
    return failure(
      'message_too_large',
      'receiver sent a message of more than 1 MiB, and we ended the connection',
    );
  if (code === 'WS_ERR_INVALID_UTF8')
    return failure('invalid_message', 'receiver sent text that is not UTF-8, and we ended the connection');
  if (code.startsWith('WS_ERR_'))
    return failure(
      'invalid_frames',
      `receiver sent invalid WebSocket frames (${error.message})${shown}; \`tolerateInvalidFrames\` skips what is none`,
      stray !== undefined && isStrayText ? { stray: plainText(stray) } : undefined,
    );
  if (code.startsWith('HPE_') || error.message.startsWith('Parse Error')) {
    return error.rawPacket?.[0] === TLS_ALERT
      ? failure('not_websocket', 'receiver speaks TLS on this port: use wss://')
      : failure(
          'not_websocket',
          `receiver's answer to the upgrade is not HTTP (${error.message}): is it a WebSocket server?`,
        );
  }
  if (/^(Invalid Upgrade header|Invalid Sec-WebSocket-|Server sent )/.test(error.message))
    return failure('not_websocket', `receiver answered the upgrade with 101, but wrongly: ${error.message}`);
  return undefined;
}

/** `close code 1011 "out of memory"` */
export function describeClose(code: number | null, reason: string | null): string {
  return `close code ${code}${reason === null || reason === '' ? '' : ` "${reason}"`}`;
}

/** Whether bytes begin as text of ASCII: no WebSocket frame does. */
export function isPlain(bytes: Buffer): boolean {
  return /^[\t\r\n -~]*$/.test(bytes.subarray(0, 64).toString('latin1'));
}

/** `29 bytes after the 101: "WebSocket connection upgraded"` */
export function describeStrayBytes(bytes: Buffer, isFirst: boolean, count = bytes.length): string {
  const text = bytes.subarray(0, 64).toString('latin1');
  const isText = isPlain(bytes);
  const shown = isText ? `"${plainText(text)}"` : bytes.subarray(0, 32).toString('hex');
  const more = count > (isText ? 64 : 32) || count > bytes.length ? '…' : '';
  return `${count} ${count === 1 ? 'byte' : 'bytes'} ${isFirst ? 'after the 101' : 'that are no frame'}: ${shown}${more}`;
}

/** Node puts the errors of several addresses of one host into an AggregateError. */
function firstCode(error: Error): string | undefined {
  if (!(error instanceof AggregateError)) return undefined;
  return (error.errors as SystemError[]).find((each) => each.code !== undefined)?.code;
}
