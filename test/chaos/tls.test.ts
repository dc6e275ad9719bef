/** Receivers whose TLS is not what the URL says: told which of the two has to change. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generate } from 'selfsigned';
import { beforeAll, describe, expect, it } from 'vitest';
import type { FailureCode } from '../../src/emulator/failure.ts';
import { type PlayReport, playReportSchema } from '../../src/emulator/report.ts';
import { codesOf, oneTalks, playAt } from '../support/chaos.ts';
import { startShell, withFolder } from '../support/cli.ts';
import { type Behaviour, good, rawReceiver } from '../support/raw-receiver.ts';

interface Certificate {
  readonly key: string;
  readonly cert: string;
}

const DAY_MS = 86_400_000;

async function certificate(name: string, startMs: number, endMs: number): Promise<Certificate> {
  const made = await generate([{ name: 'commonName', value: name }], {
    notBeforeDate: new Date(startMs),
    notAfterDate: new Date(endMs),
  });
  return { key: made.private, cert: made.cert };
}

let valid: Certificate;
beforeAll(async () => {
  valid = await certificate('127.0.0.1', Date.now() - DAY_MS, Date.now() + DAY_MS);
});

const QUICK = { scenario: oneTalks(1), retryAttempts: 0 } as const;

async function verdictOf(
  receiver: Behaviour,
  scheme: 'ws' | 'wss',
  options: { readonly tls?: Parameters<typeof rawReceiver>[1] } & Parameters<typeof playAt>[1] = {},
): Promise<{ codes: FailureCode[]; verdict: string; sent: number }> {
  const { tls, ...playOptions } = options;
  await using raw = await rawReceiver(receiver, tls);
  const { report } = await playAt(`${scheme}://127.0.0.1:${raw.port}/`, { ...QUICK, ...playOptions });
  return { codes: codesOf(report), verdict: report.verdict, sent: report.sent };
}

describe('a receiver whose TLS does not fit', () => {
  it.concurrent('speaks TLS at a ws:// URL and answers with an alert: use wss://', async () => {
    // TLS 1.2, fatal, unexpected message.
    const alert = Buffer.from([0x15, 3, 3, 0, 2, 2, 10]);
    const { codes, verdict, sent } = await verdictOf(async (peer) => {
      await peer.request();
      peer.socket.end(alert);
    }, 'ws');
    expect(codes).toEqual(['not_websocket']);
    expect(verdict).toContain('speaks TLS on this port: use wss://');
    expect(sent).toBe(0);
  });

  it.concurrent('speaks TLS at a ws:// URL and hangs up: wss:// may be meant', async () => {
    const { codes, verdict } = await verdictOf(good, 'ws', { tls: { tls: valid } });
    expect(codes).toEqual(['upgrade_hung_up']);
    expect(verdict).toContain('if it speaks TLS on this port, use wss://');
  });

  it.concurrent.each<[string, Behaviour]>([
    ['waits for HTTP', (peer) => peer.accept()],
    ['answers 400', ({ socket }) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')],
  ])('is plain at a wss:// URL and %s: use ws://', async (_what, receiver) => {
    const { codes, verdict } = await verdictOf((peer) => {
      // A plain server takes the ClientHello for a bad request as soon as it has read it.
      peer.socket.once('data', () => peer.socket.write('HTTP/1.1 400 Bad Request\r\n\r\n'));
      return receiver(peer);
    }, 'wss');
    expect(codes).toEqual(['tls_failed']);
    expect(verdict).toContain('it does not speak TLS on this port; use ws://');
  });

  it.concurrent('hangs up at a wss:// URL', async () => {
    const { codes, verdict } = await verdictOf((peer) => peer.socket.end(), 'wss');
    expect(codes).toEqual(['tls_failed']);
    expect(verdict).toContain('closed the connection during the TLS handshake');
  });

  it.concurrent('resets at a wss:// URL', async () => {
    const { codes } = await verdictOf((peer) => peer.socket.resetAndDestroy(), 'wss');
    expect(codes).toEqual(['upgrade_reset']);
  });

  it.concurrent('never answers the TLS handshake', async () => {
    const { codes, verdict } = await verdictOf(() => {}, 'wss', { handshakeTimeoutSeconds: 0.2 });
    expect(codes).toEqual(['upgrade_timeout']);
    expect(verdict).toContain('within 0.2 s');
  });

  it.concurrent('has a self-signed certificate, which `insecure` takes', async () => {
    const refused = await verdictOf(good, 'wss', { tls: { tls: valid } });
    expect(refused.codes).toEqual(['tls_untrusted']);
    expect(refused.verdict).toContain('use `insecure`');
    const taken = await verdictOf(good, 'wss', { tls: { tls: valid }, insecure: true });
    expect(taken).toMatchObject({ codes: [], sent: 10 });
  });

  it.concurrent.each([
    ['TLSv1.2', 'tls_failed', 'it may want a client certificate'],
    ['TLSv1.3', 'tls_client_certificate', 'wants a client certificate'],
  ] as const)('wants a client certificate in %s', async (version, code, says) => {
    const tls = {
      ...valid,
      requestCert: true,
      rejectUnauthorized: true,
      minVersion: version,
      maxVersion: version,
    };
    const { codes, verdict, sent } = await verdictOf(good, 'wss', { tls: { tls }, insecure: true });
    expect(codes).toEqual([code]);
    expect(verdict).toContain(says);
    expect(sent).toBe(0);
  });

  it.concurrent('speaks only a TLS that is too old', async () => {
    const tls = {
      ...valid,
      minVersion: 'TLSv1',
      maxVersion: 'TLSv1.1',
      ciphers: 'DEFAULT@SECLEVEL=0',
    } as const;
    const { codes, verdict } = await verdictOf(good, 'wss', { tls: { tls }, insecure: true });
    expect(codes).toEqual(['tls_failed']);
    expect(verdict).toContain('alert "protocol version"');
  });
});

/** Plays from a process that trusts this certificate's issuer, which is the certificate itself. */
function playTrusting(cert: string, url: string): Promise<PlayReport> {
  return withFolder(async (dir) => {
    const file = join(dir, 'trusted.pem');
    writeFileSync(file, cert);
    const { stdout } = await startShell(`exec $CLI play --speed max --retry-attempts 0 --json --to ${url}`, {
      env: { NODE_EXTRA_CA_CERTS: file },
    }).ended;
    return playReportSchema.parse(JSON.parse(stdout));
  });
}

describe('a receiver with a certificate of an authority that we trust', () => {
  it.concurrent.each([
    ['is expired', '127.0.0.1', -3 * DAY_MS, -DAY_MS, 'CERT_HAS_EXPIRED'],
    ['is not valid yet', '127.0.0.1', DAY_MS, 3 * DAY_MS, 'CERT_NOT_YET_VALID'],
    ['is of another host', 'receiver.example', -DAY_MS, DAY_MS, 'ERR_TLS_CERT_ALTNAME_INVALID'],
  ])('that %s', async (_what, name, fromMs, toMs, says) => {
    const made = await certificate(name, Date.now() + fromMs, Date.now() + toMs);
    await using raw = await rawReceiver(good, { tls: made });
    const report = await playTrusting(made.cert, raw.url);
    expect(report.sent).toBe(0);
    expect(codesOf(report)).toEqual(['tls_invalid_certificate']);
    expect(report.verdict).toContain(says);
    expect(report.verdict).toContain('use `insecure`');
  });
});
