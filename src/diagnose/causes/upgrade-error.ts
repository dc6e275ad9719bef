import type { Cause } from '../cause.ts';
import { problemsOn } from '../problems.ts';
import { refusedWith } from '../refusals.ts';

/** Bad gateway and gateway timeout: a proxy speaks. */
const GATEWAY = new Set([502, 504]);

/** The server fails before there is a WebSocket. */
export const upgradeError: Cause = {
  code: 'upgrade_error',
  title: 'Fails while it handles the upgrade',
  shows: 'Dials are answered with 500, 502, 504 or another status of 500 and more (503: see overloaded).',
  remedy: 'Look for the error in the log of the receiver, or of the proxy before it, at this time.',
  look(evidence, problems) {
    const refused = refusedWith(
      evidence,
      (_code, status) => status !== undefined && status >= 500 && status !== 503,
    );
    if (refused.connections.length === 0) return undefined;
    const [status] = refused.statuses;
    return {
      certainty: 'certain',
      text: GATEWAY.has(status!)
        ? `A proxy answers in the receiver's place: it cannot reach the receiver behind it (HTTP ${status})`
        : `The receiver fails while it handles the upgrade (HTTP ${status})`,
      evidence: [...refused.facts],
      explains: problemsOn(problems, refused.connections, 'refused'),
    };
  },
};
