import type { Cause } from '../cause.ts';
import { problemsOn } from '../problems.ts';
import { allRefusedWith } from '../refusals.ts';

/** Whether the token, the signature or both are wanted cannot be told from one answer; what was sent can. */
export const credentials: Cause = {
  code: 'credentials_refused',
  title: 'Refuses our credentials, or that we have none',
  shows: 'No dial is ever let in: every one is answered with 401 or 403.',
  remedy:
    'Give what the receiver checks: the token in the URL, a header (`headers`), or the secret that it verifies signatures with (`secret: whsec_…`).',
  look(evidence, problems) {
    const refused = allRefusedWith(evidence, (_code, status) => status === 401 || status === 403);
    if (refused === undefined) return undefined;
    const { signed, hasToken } = evidence.endpoint;
    return {
      certainty: 'likely',
      text: `The receiver ${wording(signed, hasToken)} (HTTP ${refused.statuses[0]})`,
      evidence: [
        ...refused.facts,
        `upgrades were ${signed ? 'signed' : 'not signed'}, with ${hasToken ? 'something in the query or the headers' : 'no token in the URL and no header'}`,
      ],
      explains: problemsOn(problems, refused.connections, 'refused'),
    };
  },
};

function wording(signed: boolean, hasToken: boolean): string {
  if (signed && hasToken) return 'refuses our signature or our token';
  if (signed)
    return 'refuses our signature: its secret is another one, or it verifies another request than it got';
  if (hasToken) return 'refuses our token, or wants a signature as well';
  return 'refuses an upgrade that has no signature and no token';
}
