import type { FailureCode } from '../../emulator/failure.ts';
import type { Cause } from '../cause.ts';
import type { Evidence } from '../evidence.ts';
import { problemsOn } from '../problems.ts';
import { allRefusedWith } from '../refusals.ts';

/** Answers of a plain HTTP route, or of no route: never of one that takes WebSockets. */
const NO_ROUTE = new Set([200, 204, 404, 405, 426]);
/** Starlette and Django Channels refuse an upgrade for which they have no route with 403. */
const REFUSES_UNROUTED = /uvicorn|hypercorn|daphne|websockets/i;

/** The server is right, the path is not. */
export const wrongPath: Cause = {
  code: 'wrong_path',
  title: 'Has no WebSocket route at this path',
  shows:
    'Every dial is answered with 404, 405, 426, a redirect, or a page (200); with 400 by the ws library; or with 403 by a Python server that was given nothing to check.',
  remedy:
    'Check the path of the URL, the slash at its end included: frameworks tell /audio from /audio/, and Recall needs one before a query. uvicorn also needs a WebSocket library: pip install "uvicorn[standard]". A proxy must pass the Upgrade and Connection headers on.',
  look(evidence, problems) {
    const unrouted = (_code: FailureCode, status: number | undefined): boolean =>
      status !== undefined && (NO_ROUTE.has(status) || (status >= 300 && status < 400));
    const refused = allRefusedWith(evidence, unrouted);
    if (refused !== undefined) {
      const [status] = refused.statuses;
      return {
        certainty: 'certain',
        text: `The receiver has no WebSocket endpoint at this path: ${said(status!)}`,
        evidence: [...refused.facts],
        explains: problemsOn(problems, refused.connections, 'refused'),
      };
    }
    const wsLibrary = allRefusedWith(evidence, (_code, status) => status === 400);
    if (wsLibrary !== undefined && isWsLibrary(evidence)) {
      return {
        certainty: 'likely',
        text: "The receiver's ws library has another path than this one: HTTP 400",
        evidence: [...wsLibrary.facts],
        explains: problemsOn(problems, wsLibrary.connections, 'refused'),
      };
    }
    const forbidden = allRefusedWith(evidence, (_code, status) => status === 403);
    if (forbidden === undefined || !isPython(evidence) || evidence.endpoint.hasToken) return undefined;
    return {
      certainty: 'likely',
      text: 'The receiver has no WebSocket route at this path, or closes before it accepts: its framework answers both with 403',
      evidence: [...forbidden.facts, `its Server header: ${serverOf(evidence)}`],
      explains: problemsOn(problems, forbidden.connections, 'refused'),
    };
  },
};

function said(status: number): string {
  if (status < 300) return `it answers the upgrade with a page (HTTP ${status})`;
  if (status < 400) return `it redirects (HTTP ${status}), and redirects are not followed`;
  return status === 404 ? 'HTTP 404' : `HTTP ${status}, as a plain HTTP route answers`;
}

function serverOf({ connections }: Evidence): string | undefined {
  for (const { failure } of connections.flatMap(({ dials }) => dials))
    if (failure?.facts?.server !== undefined) return failure.facts.server;
  return undefined;
}

function isPython(evidence: Evidence): boolean {
  return REFUSES_UNROUTED.test(serverOf(evidence) ?? '');
}

/** Of what ws checks in an upgrade, only the path can be wrong in ours. */
function isWsLibrary({ connections }: Evidence): boolean {
  const failures = connections.flatMap(({ dials }) => dials).flatMap(({ failure }) => failure ?? []);
  return failures.every(({ facts }) => facts?.isWsLibrary === true);
}
