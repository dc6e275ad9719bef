import type { IncomingMessage } from 'node:http';
import { verifyRequest } from '../../../../../src/protocol/signing.ts';
import { Receiver, SECRET } from '../receiver.ts';
import type { Mistake } from './mistake.ts';

type Headers = IncomingMessage['headers'];

/** Lets in who is right, and whoever else this says. */
function alsoLetsIn(isFine: (headers: Headers) => boolean): new () => Receiver {
  return class extends Receiver {
    override verifies(headers: Headers): boolean {
      return super.verifies(headers) || isFine(headers);
    }
  };
}

export const AUTH: readonly Mistake[] = [
  {
    what: 'takes the header for one signature',
    costs: ['auth.signed'],
    says: /signature|refused/,
    receiver: class extends Receiver {
      override verifies(headers: Headers): boolean {
        return !String(headers['webhook-signature']).includes(' ') && super.verifies(headers);
      }
    },
  },
  {
    what: 'verifies a signature where there is one',
    costs: ['auth.unsigned'],
    says: /lets in an upgrade without a signature/,
    receiver: alsoLetsIn((headers) => headers['webhook-signature'] === undefined),
  },
  {
    what: 'looks whether there is a signature of now',
    costs: ['auth.wrongly_signed'],
    says: /lets in an upgrade that is signed with another secret/,
    receiver: alsoLetsIn(
      (headers) =>
        headers['webhook-signature'] !== undefined &&
        !verifyRequest({ secret: SECRET, headers, nowSeconds: 0, toleranceSeconds: 2 ** 40 }).ok,
    ),
  },
  {
    what: 'does not look at the time of a signature',
    costs: ['auth.old_signature'],
    says: /lets in an upgrade with a signature of an hour ago/,
    receiver: alsoLetsIn(
      (headers) =>
        Number(headers['webhook-timestamp']) < Date.now() / 1_000 - 300 &&
        verifyRequest({ secret: SECRET, headers, nowSeconds: 0, toleranceSeconds: 2 ** 40 }).ok,
    ),
  },
  {
    what: 'knows no signature again',
    costs: ['auth.replayed'],
    says: /lets in a signature that it has seen before/,
    verdict: 'warn',
    receiver: alsoLetsIn(
      (headers) => verifyRequest({ secret: SECRET, headers, nowSeconds: Date.now() / 1_000 }).ok,
    ),
  },
  {
    what: 'looks whether there is a token',
    costs: ['auth.wrong_token'],
    says: /lets in a wrong token/,
    receiver: class extends Receiver {
      override knows(url: string): boolean {
        return url.includes('token=');
      }
    },
  },
];
