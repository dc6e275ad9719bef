import { attemptsOf } from '../attempts.ts';
import type { Cause } from '../cause.ts';
import { problemsOn } from '../problems.ts';
import { at, listed } from '../words.ts';

/** A URL that is good for one connection, whether or not that is still open. */
export const tokenOnce: Cause = {
  code: 'token_works_once',
  title: 'Has a token that works once',
  shows:
    'The first dial is let in and no other ever after: while the first connection is open, and when it is not.',
  remedy:
    'Let the token of the URL work until the call has ended: participants connect at every unmute, and lost connections come back.',
  look(evidence, problems) {
    const [first, ...later] = attemptsOf(evidence);
    if (first === undefined || first.turnedAway || first.refusal !== null || later.length < 2)
      return undefined;
    if (later.some(({ refusal, turnedAway }) => refusal === null || !turnedAway)) return undefined;
    const alone = later.find(({ others }) => others.length === 0);
    const beside = later.find(({ others }) => others.length > 0);
    // Refused after the end of the first only: it may take that end for the meeting's.
    const lost = first.connection.endedBy === 'receiver';
    if (alone === undefined || (beside === undefined && !lost)) return undefined;
    return {
      certainty: beside === undefined ? 'likely' : 'certain',
      text: `The receiver lets its URL in once: after connection #${first.connection.number} every dial is refused, as with a token that works once`,
      evidence: [
        `connection #${first.connection.number} was let in at ${at(first.atSeconds)}`,
        ...(beside === undefined
          ? []
          : [
              `refused at ${at(beside.atSeconds)} while ${listed(beside.others)} was open: ${beside.refusal!.text}`,
            ]),
        `refused at ${at(alone.atSeconds)}, when nothing was open: ${alone.refusal!.text}`,
      ],
      explains: problemsOn(
        problems,
        later.map(({ connection }) => connection),
        'refused',
      ),
    };
  },
};
