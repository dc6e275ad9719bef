import type { Cause } from '../cause.ts';
import { closedWith, closeFacts, reasonOf } from '../closes.ts';
import { problemsOn } from '../problems.ts';

/** Policy violation; unauthorized and forbidden in the registry of close codes; what frameworks make of 401 and 403. */
const CODES = new Set([1008, 3000, 3003, 4401, 4403]);

/** Who may not come in is let in first and sent away afterwards. */
export const policy: Cause = {
  code: 'closed_as_unauthorised',
  title: 'Lets us in, and closes because we may not be there',
  shows: 'It closes with 1008 (policy violation), 3000 (unauthorized), 3003 (forbidden), 4401 or 4403.',
  remedy:
    'Check the token in the URL, the headers (`headers`) and the secret (`secret`). Better: refuse the upgrade itself with 401 or 403.',
  look(evidence, problems) {
    const lost = closedWith(evidence, CODES);
    if (lost.length === 0) return undefined;
    return {
      certainty: 'likely',
      text: `The receiver lets us in and closes the connection as not allowed (${lost[0]!.closeCode}${reasonOf(lost)})`,
      evidence: closeFacts(evidence, lost),
      explains: problemsOn(problems, lost, 'lost'),
    };
  },
};
