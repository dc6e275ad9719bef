import { attemptsOf } from '../attempts.ts';
import type { Cause, Finding } from '../cause.ts';
import type { Evidence } from '../evidence.ts';
import { type Problem, problemsOn } from '../problems.ts';
import { at, ending, listed } from '../words.ts';

/** So many connections at a time, and no more. */
export function limitOf(evidence: Evidence, problems: readonly Problem[], one: boolean): Finding | undefined {
  const attempts = attemptsOf(evidence);
  const turned = attempts.filter(({ turnedAway }) => turnedAway);
  const letIn = attempts.filter(({ refusal, turnedAway }) => refusal === null && !turnedAway);
  const limit = Math.min(...turned.map(({ others }) => others.length));
  if (turned.length === 0 || limit < 1 || (limit === 1) !== one) return undefined;
  // Once there was room for one more: then it is something else.
  if (letIn.some(({ others }) => others.length >= limit)) return undefined;
  const first = turned[0]!;
  const after = letIn.find(({ atSeconds }) => atSeconds > first.atSeconds);
  // Without a word it may have died of its first message.
  const saidNo = turned.some(({ refusal, connection }) => refusal !== null || connection.closeCode !== 1006);
  if (after === undefined && !saidNo) return undefined;
  const connections = turned.map(({ connection }) => connection);
  const open = listed(first.others);
  return {
    certainty: after === undefined ? 'likely' : 'certain',
    text: one
      ? `The receiver takes one connection per URL: others are turned away while ${open} is open; the meeting would pass with \`connections: per-endpoint\``
      : `The receiver takes ${limit} connections at a time: the next is turned away while ${open} are open`,
    evidence: [
      ...turned.slice(0, 3).map(({ connection, atSeconds, others, refusal }) => {
        const how =
          refusal?.text ??
          `let in and ended after ${at(connection.closedSeconds! - atSeconds)} (${ending(connection)})`;
        return `connection #${connection.number} at ${at(atSeconds)}, while ${listed(others)} ${others.length === 1 ? 'was' : 'were'} open: ${how}`;
      }),
      after === undefined
        ? 'nobody was let in afterwards: a token that works once shows the same way'
        : `connection #${after.connection.number} was let in at ${at(after.atSeconds)}, with ${after.others.length} open`,
    ],
    explains: problemsOn(problems, connections, 'refused', 'lost'),
  };
}

/** A receiver that keeps one connection per URL or token, and turns the next participant away. */
export const oneConnection: Cause = {
  code: 'one_connection_per_url',
  title: 'Takes one connection per URL',
  shows:
    'Dials are refused, or let in and ended at once, exactly while another connection to the same URL is open, and let in when none is.',
  remedy:
    'Let in as many connections as there are unmuted participants, and key them by recording.id and participant.id of the messages, not by the URL or its token. For a workspace with one connection per endpoint, play with `connections: per-endpoint`.',
  look: (evidence, problems) => limitOf(evidence, problems, true),
};
