import type { FailureCode } from '../../emulator/failure.ts';
import type { Cause } from '../cause.ts';
import { asTheySay, refusedWith } from '../refusals.ts';

const CODES: ReadonlySet<FailureCode> = new Set([
  'tls_failed',
  'tls_untrusted',
  'tls_invalid_certificate',
  'tls_client_certificate',
]);

/** TLS does not come about. The failure says which side has to change. */
export const tls: Cause = {
  code: 'tls',
  title: 'Has no TLS where the URL says so, or none that we take',
  shows:
    'The TLS handshake fails: the port is plain, the certificate is not trusted or not valid, or ours is asked for.',
  remedy:
    'wss:// is for a port that speaks TLS, ws:// for one that does not. For a self-signed certificate use `insecure`.',
  look(evidence, problems) {
    const refused = refusedWith(evidence, (code) => CODES.has(code));
    return refused.connections.length === 0 ? undefined : asTheySay(refused, problems);
  },
};
