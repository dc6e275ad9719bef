import { describe, expect, it } from 'vitest';
import {
  describeClose,
  describeError,
  describeResponse,
  describeStrayBytes,
  factsOf,
} from '../../src/emulator/dial-failure.ts';
import type { FailureCode } from '../../src/emulator/failure.ts';

const WS = 'ws://receiver.example:4000/audio/?token=secret';
const WSS = 'wss://receiver.example:4000/audio/?token=secret';

function errorOf(message: string, code?: string, more: object = {}): Error {
  return Object.assign(new Error(message), code === undefined ? {} : { code }, more);
}

describe('an error of a dial', () => {
  it.each<[string, Error, FailureCode, string]>([
    [
      'ECONNREFUSED',
      errorOf('connect ECONNREFUSED', 'ECONNREFUSED'),
      'connection_refused',
      'refused the connection at receiver.example:4000',
    ],
    [
      'ENOTFOUND',
      errorOf('getaddrinfo', 'ENOTFOUND'),
      'host_not_found',
      'host name receiver.example was not found (ENOTFOUND)',
    ],
    ['EAI_AGAIN', errorOf('getaddrinfo', 'EAI_AGAIN'), 'host_not_found', '(EAI_AGAIN): check the URL'],
    [
      'ECONNRESET',
      errorOf('read ECONNRESET', 'ECONNRESET'),
      'upgrade_reset',
      'destroyed the connection during the upgrade (ECONNRESET)',
    ],
    ['EPIPE', errorOf('write EPIPE', 'EPIPE'), 'upgrade_reset', 'during the upgrade (EPIPE)'],
    ['ETIMEDOUT', errorOf('connect', 'ETIMEDOUT'), 'unreachable', 'cannot be reached (ETIMEDOUT)'],
    [
      'EHOSTUNREACH',
      errorOf('connect', 'EHOSTUNREACH'),
      'unreachable',
      'at receiver.example:4000 cannot be reached',
    ],
    ['ENETUNREACH', errorOf('connect', 'ENETUNREACH'), 'unreachable', 'cannot be reached'],
    ['EHOSTDOWN', errorOf('connect', 'EHOSTDOWN'), 'unreachable', 'cannot be reached'],
    [
      'EMFILE',
      errorOf('connect', 'EMFILE'),
      'own_descriptors',
      'this machine has no file descriptors left for another connection (EMFILE): raise ulimit -n',
    ],
    ['ENFILE', errorOf('connect', 'ENFILE'), 'own_descriptors', '(ENFILE)'],
    [
      'EADDRNOTAVAIL',
      errorOf('connect', 'EADDRNOTAVAIL'),
      'own_ports',
      'no port left for another connection to receiver.example:4000',
    ],
    [
      'several addresses',
      new AggregateError([errorOf('a'), errorOf('b', 'ECONNREFUSED')]),
      'connection_refused',
      'is it running',
    ],
    [
      'a hang-up',
      errorOf('socket hang up', 'ECONNRESET'),
      'upgrade_hung_up',
      'without an answer: if it speaks TLS on this port, use wss://',
    ],
    [
      'no HTTP',
      errorOf('Parse Error: Expected HTTP/', 'HPE_INVALID_CONSTANT'),
      'not_websocket',
      'is not HTTP (Parse Error: Expected HTTP/): is it a WebSocket server?',
    ],
    ['no HTTP without a code', errorOf('Parse Error: what?'), 'not_websocket', 'is it a WebSocket server?'],
    [
      'a TLS alert',
      errorOf('Parse Error', 'HPE_INVALID_CONSTANT', { rawPacket: Buffer.from([0x15, 3, 1]) }),
      'not_websocket',
      'speaks TLS on this port: use wss://',
    ],
    [
      'a wrong upgrade',
      errorOf('Invalid Upgrade header'),
      'not_websocket',
      '101, but wrongly: Invalid Upgrade header',
    ],
    [
      'a wrong key',
      errorOf('Invalid Sec-WebSocket-Accept header'),
      'not_websocket',
      '101, but wrongly: Invalid Sec-WebSocket-Accept',
    ],
    [
      'an extension',
      errorOf('Server sent a Sec-WebSocket-Extensions header'),
      'not_websocket',
      '101, but wrongly',
    ],
    ['something unknown', errorOf('out of luck', 'ELUCK'), 'dial_failed', 'out of luck (ELUCK)'],
    ['something without a code', errorOf('out of luck'), 'dial_failed', 'out of luck'],
    ['nothing inside', new AggregateError([], 'nobody'), 'dial_failed', 'nobody'],
  ])('%s', (_what, error, code, says) => {
    const told = describeError(error, WS, 'upgrade');
    expect(told.code).toBe(code);
    expect(told.text).toContain(says);
    expect(told.text).not.toContain('secret');
    expect(told.text).not.toContain('()');
  });

  it.each<[string, Error, FailureCode, string]>([
    ...[
      'DEPTH_ZERO_SELF_SIGNED_CERT',
      'SELF_SIGNED_CERT_IN_CHAIN',
      'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
      'UNABLE_TO_GET_ISSUER_CERT',
      'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
    ].map((code): [string, Error, FailureCode, string] => [
      code,
      errorOf('certificate', code),
      'tls_untrusted',
      `(${code}): use \`insecure\``,
    ]),
    ...['CERT_HAS_EXPIRED', 'CERT_NOT_YET_VALID', 'ERR_TLS_CERT_ALTNAME_INVALID'].map(
      (code): [string, Error, FailureCode, string] => [
        code,
        errorOf('certificate', code),
        'tls_invalid_certificate',
        `not valid for receiver.example:4000 (${code})`,
      ],
    ),
    [
      'a client certificate in TLS 1.3',
      errorOf('tlsv13 alert certificate required', 'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED'),
      'tls_client_certificate',
      'wants a client certificate',
    ],
    [
      'a client certificate, in the middle of a write',
      errorOf(
        'write EPROTO 80:error:0A00045C:SSL routines:ssl3_read_bytes:tlsv13 alert certificate required:ssl/rec.c:1:SSL alert number 116',
        'EPROTO',
      ),
      'tls_client_certificate',
      '(EPROTO), which is not supported',
    ],
    [
      'a bad certificate',
      errorOf('sslv3 alert bad certificate', 'ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE'),
      'tls_client_certificate',
      'let it accept connections without one',
    ],
    [
      'an unknown authority',
      errorOf('tlsv1 alert unknown ca', 'ERR_SSL_TLSV1_ALERT_UNKNOWN_CA'),
      'tls_client_certificate',
      'wants a client certificate',
    ],
    [
      'a failed handshake',
      errorOf(
        'write EPROTO 80:error:0A000410:SSL routines:ssl3_read_bytes:sslv3 alert handshake failure:ssl/rec.c:1:SSL alert number 40',
        'EPROTO',
      ),
      'tls_failed',
      '(EPROTO, alert "handshake failure"): it may want a client certificate',
    ],
    [
      'an old protocol',
      errorOf('tlsv1 alert protocol version', 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION'),
      'tls_failed',
      'alert "protocol version")',
    ],
    [
      'plain HTTP',
      errorOf('wrong version number', 'ERR_SSL_WRONG_VERSION_NUMBER'),
      'tls_failed',
      'it does not speak TLS on this port; use ws:// or another port',
    ],
    [
      'plain text',
      errorOf('packet length too long', 'ERR_SSL_PACKET_LENGTH_TOO_LONG'),
      'tls_failed',
      'it does not speak TLS on this port',
    ],
    [
      'something else of TLS',
      errorOf('bad thing', 'ERR_TLS_HANDSHAKE_TIMEOUT'),
      'tls_failed',
      'TLS handshake with receiver.example:4000 failed (ERR_TLS_HANDSHAKE_TIMEOUT)',
    ],
    [
      'an end in the handshake',
      errorOf(
        'Client network socket disconnected before secure TLS connection was established',
        'ECONNRESET',
      ),
      'tls_failed',
      'closed the connection during the TLS handshake: if it does not speak TLS on this port, use ws://',
    ],
    [
      'a hang-up',
      errorOf('socket hang up', 'ECONNRESET'),
      'upgrade_hung_up',
      'during the upgrade without an answer',
    ],
  ])('with TLS: %s', (_what, error, code, says) => {
    const told = describeError(error, WSS, 'upgrade');
    expect(told.code).toBe(code);
    expect(told.text).toContain(says);
    expect(told.text).not.toContain('use wss://');
  });
});

describe('the sentence about a dial', () => {
  const of = (error: Error, url = WS): string => describeError(error, url, 'upgrade').text;

  it('says no more than is known', () => {
    expect(of(errorOf('out of luck'))).toBe('out of luck');
    expect(of(errorOf('socket hang up', 'ECONNRESET'), WSS)).toBe(
      'receiver closed or destroyed the connection during the upgrade without an answer',
    );
    expect(of(errorOf('tlsv1 alert protocol version', 'EPROTO'), WSS)).toBe(
      'TLS handshake with receiver.example:4000 failed (EPROTO, alert "protocol version")',
    );
    expect(of(errorOf('bad', 'ERR_SSL_BAD'), WSS)).toBe(
      'TLS handshake with receiver.example:4000 failed (ERR_SSL_BAD)',
    );
  });

  it('goes by the code where the message says nothing', () => {
    expect(of(errorOf('no', 'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED'), WSS)).toContain(
      'client certificate',
    );
    expect(of(errorOf('no', 'ERR_SSL_WRONG_VERSION_NUMBER'), WSS)).toContain('use ws://');
    expect(of(errorOf('Header overflow', 'HPE_HEADER_OVERFLOW'))).toContain('is it a WebSocket server?');
  });
});

describe('an error of an open WebSocket', () => {
  it.each<[string, Error, FailureCode, string]>([
    ['ECONNRESET', errorOf('read', 'ECONNRESET'), 'reset_by_receiver', 'without a close frame (ECONNRESET)'],
    ['EPIPE', errorOf('write', 'EPIPE'), 'reset_by_receiver', 'without a close frame (EPIPE)'],
    [
      'invalid frames',
      errorOf('Invalid WebSocket frame: MASK must be clear', 'WS_ERR_UNEXPECTED_MASK'),
      'invalid_frames',
      '(Invalid WebSocket frame: MASK must be clear); 5 bytes; `tolerateInvalidFrames`',
    ],
    ['text that is none', errorOf('bad', 'WS_ERR_INVALID_UTF8'), 'invalid_message', 'not UTF-8'],
    [
      'a large message',
      errorOf('big', 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH'),
      'message_too_large',
      'more than 1 MiB',
    ],
    [
      'a huge frame',
      errorOf('huge', 'WS_ERR_UNSUPPORTED_DATA_PAYLOAD_LENGTH'),
      'message_too_large',
      'more than 1 MiB',
    ],
    ['something unknown', errorOf('out of luck', 'ELUCK'), 'reset_by_receiver', 'out of luck (ELUCK)'],
  ])('%s', (_what, error, code, says) => {
    const told = describeError(error, WS, 'open', '5 bytes');
    expect(told.code).toBe(code);
    expect(told.text).toContain(says);
  });

  it('names no stray bytes when there were none', () => {
    const told = describeError(errorOf('bad frame', 'WS_ERR_INVALID_OPCODE'), WS, 'open');
    expect(told.text).toBe(
      'receiver sent invalid WebSocket frames (bad frame); `tolerateInvalidFrames` skips what is none',
    );
  });
});

describe('an HTTP answer to the upgrade', () => {
  it.each<[number, FailureCode, string]>([
    [101, 'not_websocket', 'HTTP 101 No without an Upgrade header'],
    [200, 'upgrade_status', 'HTTP 200 No instead of 101 Switching Protocols'],
    [299, 'upgrade_status', 'instead of 101'],
    [300, 'upgrade_redirected', 'redirects are not followed; give the final URL'],
    [399, 'upgrade_redirected', 'redirects are not followed'],
    [400, 'upgrade_status', 'instead of 101'],
    [401, 'upgrade_status', 'check the token in the URL, `headers` or `secret`'],
    [403, 'upgrade_status', 'check the token'],
    [404, 'upgrade_status', 'no WebSocket endpoint at this path'],
    [426, 'upgrade_status', 'wants another protocol or version'],
    [499, 'upgrade_status', 'instead of 101'],
    [500, 'upgrade_status', 'it failed while handling the upgrade'],
    [599, 'upgrade_status', 'it failed while handling the upgrade'],
  ])('%i', (status, code, says) => {
    const told = describeResponse(status, 'No', undefined, false);
    expect(told.code).toBe(code);
    expect(told.text).toContain(says);
    expect(told.text).toContain(`HTTP ${status} No`);
  });

  it('has no status text, or a place to go', () => {
    expect(describeResponse(302, '', '/login', false).text).toBe(
      'receiver answered the upgrade with HTTP 302 to /login: redirects are not followed; give the final URL',
    );
    expect(describeResponse(302, undefined, undefined, false).text).toContain('HTTP 302: redirects');
  });

  it.each([401, 403])('%i after it had let us in does not speak of the token', (status) => {
    const { text } = describeResponse(status, 'No', undefined, true);
    expect(text).toContain('it had accepted the same URL before');
    expect(text).not.toContain('token');
  });
});

describe('what is quoted', () => {
  it('of a close', () => {
    expect(describeClose(1011, 'out of memory')).toBe('close code 1011 "out of memory"');
    expect(describeClose(1005, '')).toBe('close code 1005');
    expect(describeClose(1005, null)).toBe('close code 1005');
  });

  it.each([
    [
      Buffer.from('WebSocket connection upgraded'),
      true,
      undefined,
      '29 bytes after the 101: "WebSocket connection upgraded"',
    ],
    [Buffer.from('a\r\n\tb'), false, undefined, '5 bytes that are no frame: "a\\r\\n\\tb"'],
    [Buffer.from([0xff]), true, undefined, '1 byte after the 101: ff'],
    [Buffer.from('\u001b[2J'), true, undefined, '4 bytes after the 101: 1b5b324a'],
    [Buffer.from('x'.repeat(64)), false, undefined, `64 bytes that are no frame: "${'x'.repeat(64)}"`],
    [Buffer.from('x'.repeat(65)), false, undefined, `65 bytes that are no frame: "${'x'.repeat(64)}"…`],
    [Buffer.alloc(40, 0xff), false, undefined, `40 bytes that are no frame: ${'ff'.repeat(32)}…`],
    [Buffer.from('begin'), true, 6, '6 bytes after the 101: "begin"…'],
    [Buffer.from('begin'), true, 1_000, '1000 bytes after the 101: "begin"…'],
  ])('of stray bytes (%#)', (bytes, isFirst, count, shown) => {
    expect(describeStrayBytes(bytes, isFirst, count)).toBe(shown);
  });
});

describe('what a program may want to know of an answer', () => {
  it('is its status, its Server header and whether ws wrote it', () => {
    expect(
      describeResponse(403, 'Forbidden', undefined, false, factsOf({ server: 'uvi\u001bcorn' })).facts,
    ).toEqual({
      status: 403,
      server: 'uvi\\u001bcorn',
    });
    const html = { 'content-type': 'text/html' };
    expect(factsOf(html)).toEqual({ isWsLibrary: true });
    expect(factsOf({ ...html, date: 'Thu, 01 Jan 1970 00:00:00 GMT' })).toEqual({});
    expect(factsOf({ ...html, server: 'nginx' })).toEqual({ server: 'nginx' });
  });

  it('is plain text where frames are due, and nothing else', () => {
    const error = Object.assign(new Error('Invalid WebSocket frame'), { code: 'WS_ERR_UNEXPECTED_RSV_1' });
    expect(
      describeError(error, 'ws://127.0.0.1/', 'open', '2 bytes after the 101: "hi"', true).facts,
    ).toEqual({
      stray: '2 bytes after the 101: "hi"',
    });
    expect(
      describeError(error, 'ws://127.0.0.1/', 'open', '2 bytes after the 101: ffff').facts,
    ).toBeUndefined();
  });
});
