import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { signRequest } from '../../src/protocol/index.ts';
import { type SignatureCause, signatureVerdict } from '../../src/protocol/signature-cause.ts';

const SECRET = `whsec_${Buffer.from('a secret of some length').toString('base64')}`;
const OTHER = `whsec_${Buffer.from('another secret of a length').toString('base64')}`;
const NOW = 1_780_000_000;
const ID = 'msg_1';
const BODY = '{"event": "bot.done", "data": {"name": "Zoë", "list": [1, 2]}}';

type Headers = Record<string, string>;
interface Request {
  readonly headers: Headers;
  readonly body: string;
}

function signed(more: { secret?: string; at?: number; body?: string; style?: 'svix' } = {}): Request {
  const { secret = SECRET, at = NOW, body = BODY, style } = more;
  return { headers: signRequest({ secret, id: ID, timestampSeconds: at, body, headerStyle: style }), body };
}

const hmac = (key: string | Buffer, content: string) => createHmac('sha256', key).update(content).digest();
const withHeader = (name: string, value: string): Request => {
  const { headers, body } = signed();
  return { headers: { ...headers, [name]: value }, body };
};
const renamed = (names: Readonly<Record<string, string>>): Request => {
  const { headers, body } = signed();
  const entries = Object.entries(headers).map(([name, value]) => [names[name] ?? name, value]);
  return { headers: Object.fromEntries(entries.filter(([name]) => name !== '')), body };
};
const judge = ({ headers, body }: Request) =>
  signatureVerdict({ secret: SECRET, headers, body, nowSeconds: NOW });

describe('the cause of a wrong signature', () => {
  it('is none for what is right, by either set of names, and with others beside it', () => {
    expect(judge(signed())).toEqual({ ok: true, headers: 'standard' });
    expect(judge(signed({ style: 'svix' }))).toEqual({ ok: true, headers: 'svix' });
    const { headers } = signed();
    const several = `v1,abc ${headers['Webhook-Signature']} v2,x`;
    expect(judge(withHeader('Webhook-Signature', several))).toEqual({ ok: true, headers: 'standard' });
  });

  const compact = JSON.stringify(JSON.parse(BODY));
  const key = Buffer.from('a secret of some length');
  const cases: readonly (readonly [string, SignatureCause, Request, RegExp])[] = [
    ['no header', 'not_signed', { headers: { host: 'x' }, body: BODY }, /^It is not signed\.$/],
    [
      'one header lost',
      'headers_missing',
      renamed({ 'Webhook-Id': '' }),
      /^Webhook-Id is missing; Webhook-Timestamp and Webhook-Signature came\.$/,
    ],
    [
      'two headers lost',
      'headers_missing',
      renamed({ 'Webhook-Id': '', 'Webhook-Timestamp': '' }),
      /^Webhook-Id and Webhook-Timestamp are missing/,
    ],
    [
      'headers of both sets',
      'header_names',
      renamed({ 'Webhook-Id': 'svix-id' }),
      /both sets: Webhook-Timestamp, Webhook-Signature and svix-id/,
    ],
    [
      'headers of another name',
      'header_names',
      { headers: { 'x-webhook-signature': 'v1,a' }, body: BODY },
      /^It has x-webhook-signature, and none/,
    ],
    ['a time in milliseconds', 'timestamp', withHeader('Webhook-Timestamp', `${NOW}000`), /milliseconds/],
    ['a time in words', 'timestamp', withHeader('Webhook-Timestamp', 'now'), /"now" is no number of seconds/],
    ['a clock behind', 'clock', signed({ at: NOW - 301 }), /made 301 s ago/],
    ['a clock ahead', 'clock', signed({ at: NOW + 900 }), /made 900 s from now/],
    [
      'no version',
      'signature_format',
      withHeader('Webhook-Signature', signed().headers['Webhook-Signature']!.slice(3)),
      /without "v1,"/,
    ],
    [
      'hexadecimal',
      'signature_format',
      withHeader('Webhook-Signature', `v1,${hmac(key, `${ID}.${NOW}.${BODY}`).toString('hex')}`),
      /hexadecimal/,
    ],
    [
      'the text of the secret as key',
      'key_not_decoded',
      withHeader('Webhook-Signature', `v1,${hmac(SECRET, `${ID}.${NOW}.${BODY}`).toString('base64')}`),
      /text of the secret/,
    ],
    [
      'the body alone',
      'signed_content',
      withHeader('Webhook-Signature', `v1,${hmac(key, BODY).toString('base64')}`),
      /signs the body alone/,
    ],
    [
      'time and body',
      'signed_content',
      withHeader('Webhook-Signature', `v1,${hmac(key, `${NOW}.${BODY}`).toString('base64')}`),
      /the time and the body/,
    ],
    [
      'a body written anew with spaces',
      'body_changed',
      { ...signed({ body: compact }), body: BODY },
      /the same JSON without spaces/,
    ],
    [
      'a body written anew without spaces',
      'body_changed',
      { ...signed(), body: compact },
      /a space after , and :/,
    ],
    [
      'a body without its escapes',
      'body_changed',
      { ...signed({ body: compact.replace('ë', '\\u00eb') }), body: compact },
      /escapes for what is not ASCII/,
    ],
    [
      'a body that was indented',
      'body_changed',
      { ...signed({ body: JSON.stringify(JSON.parse(BODY), null, 2) }), body: compact },
      /indented by 2/,
    ],
    [
      'a body with a line break more',
      'body_changed',
      { ...signed(), body: `${BODY}\n` },
      /without the space around it/,
    ],
    ['a body where there was none', 'body_changed', { ...signed({ body: '' }), body: BODY }, /an empty body/],
    [
      'another secret',
      'secret_or_content',
      signed({ secret: OTHER }),
      /it is another secret, or the body, the id, the time or the signature was changed/,
    ],
    [
      'another body',
      'secret_or_content',
      { ...signed(), body: BODY.replace('done', 'fatal') },
      /another secret, or the body/,
    ],
    ['another id', 'secret_or_content', withHeader('Webhook-Id', 'msg_2'), /the id/],
    ['another time', 'secret_or_content', withHeader('Webhook-Timestamp', String(NOW + 1)), /the time/],
  ];

  it.each(cases)('of %s is %s', (_, cause, request, text) => {
    const verdict = judge(request);
    expect(verdict).toMatchObject({ ok: false, cause });
    if (!verdict.ok) {
      expect(verdict.text).toMatch(text);
      expect(verdict.hint).not.toBe('');
    }
  });

  it('is never claimed of the body, the key or the clock when any other byte is wrong', () => {
    fc.assert(
      fc.property(fc.nat(BODY.length - 1), fc.string({ minLength: 1, maxLength: 1 }), (at, character) => {
        const body = BODY.slice(0, at) + character + BODY.slice(at + 1);
        fc.pre(body !== BODY);
        const verdict = judge({ headers: signed().headers, body });
        // Where only spaces of the JSON changed, it can say so.
        const isSameJson = (() => {
          try {
            return JSON.stringify(JSON.parse(body)) === compact;
          } catch {
            return false;
          }
        })();
        expect(verdict).toMatchObject({
          ok: false,
          cause: isSameJson ? 'body_changed' : 'secret_or_content',
        });
      }),
    );
  });

  it('never shows the secret, and shows nothing raw', () => {
    for (const [, , request] of cases) expect(JSON.stringify(judge(request))).not.toContain(SECRET.slice(6));
    expect(JSON.stringify(judge(withHeader('Webhook-Timestamp', '\u001b[2J')))).not.toContain('\u001b');
  });
});
