import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import { signRequest, verifyRequest } from '../../src/protocol/signing.ts';

const secret = `whsec_${Buffer.from('a secret of thirty-two bytes....').toString('base64')}`;
const other = `whsec_${Buffer.from('another secret of the same size.').toString('base64')}`;
const nowSeconds = 1_750_000_000;
const id = 'msg_1';

describe('signed requests', () => {
  it('verify under both sets of header names, with a body and without', () => {
    for (const headerStyle of ['standard', 'svix'] as const) {
      for (const body of ['', '{"event":"bot.done"}']) {
        const headers = signRequest({ secret, id, timestampSeconds: nowSeconds, body, headerStyle });
        expect(verifyRequest({ secret, headers, body, nowSeconds })).toEqual({ ok: true });
        expect(verifyRequest({ secret: [other, secret], headers, body, nowSeconds })).toEqual({ ok: true });
      }
    }
  });

  it("verify with the Standard Webhooks library's own verifier", () => {
    const now = Math.floor(Date.now() / 1_000);
    const headers = signRequest({ secret, id, timestampSeconds: now });
    expect(() => new Webhook(secret).verify('', headers)).not.toThrow();
  });

  it('tell why they do not verify', () => {
    const headers = signRequest({ secret, id, timestampSeconds: nowSeconds });
    const reasonOf = (result: ReturnType<typeof verifyRequest>): string => (result.ok ? 'ok' : result.reason);
    expect(reasonOf(verifyRequest({ secret: other, headers, nowSeconds }))).toBe('no signature matches');
    expect(reasonOf(verifyRequest({ secret, headers, body: 'x', nowSeconds }))).toBe('no signature matches');
    expect(reasonOf(verifyRequest({ secret, headers, nowSeconds: nowSeconds + 301 }))).toBe(
      'the timestamp is more than 300 s off',
    );
    expect(reasonOf(verifyRequest({ secret, headers: {}, nowSeconds }))).toBe(
      'the signature headers are missing',
    );
    expect(
      reasonOf(verifyRequest({ secret, headers: { ...headers, 'Webhook-Timestamp': 'soon' }, nowSeconds })),
    ).toMatch(/not a number/);
  });

  it('accept any of several signatures', () => {
    const headers = signRequest({ secret, id, timestampSeconds: nowSeconds });
    const several = { ...headers, 'Webhook-Signature': `v1,AAAA v2,BBBB ${headers['Webhook-Signature']}` };
    expect(verifyRequest({ secret, headers: several, nowSeconds })).toEqual({ ok: true });
  });

  it('need a secret that is one, and never show it', () => {
    for (const bad of ['hunter2', 'whsec_', 'whsec_!!!!']) {
      expect(() => signRequest({ secret: bad, id, timestampSeconds: 0 })).toThrow(
        expect.objectContaining({ code: 'invalid_secret' }),
      );
      expect(() => signRequest({ secret: bad, id, timestampSeconds: 0 })).not.toThrow(/hunter2|!!!!/);
    }
  });
});
