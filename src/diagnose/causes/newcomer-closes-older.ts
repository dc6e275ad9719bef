import { attemptsOf, lossesOf, TOGETHER_SECONDS } from '../attempts.ts';
import type { Cause } from '../cause.ts';
import type { ConnectionEvidence } from '../evidence.ts';
import { problemsOn } from '../problems.ts';
import { at, ending } from '../words.ts';

interface Replacement {
  readonly lost: ConnectionEvidence;
  readonly newcomer: ConnectionEvidence;
}

/** A receiver that keeps the latest connection only. */
export const newcomerClosesOlder: Cause = {
  code: 'new_connection_closes_older',
  title: 'Closes the older connections when a new one opens',
  shows: 'Every connection that is open when another opens is ended by the receiver within milliseconds.',
  remedy:
    'Keep connections apart, one per participant: a new one replaces only its own predecessor, the one of the same recording.id and participant.id.',
  look(evidence, problems) {
    const replacements: Replacement[] = [];
    for (const { connection: newcomer, refusal, others } of attemptsOf(evidence)) {
      if (refusal !== null) continue;
      const fallen = others.filter((other) => fellTo(other, newcomer));
      // Some stayed: so it is not the opening that ends them.
      if (fallen.length < others.length) return undefined;
      for (const lost of fallen) replacements.push({ lost, newcomer });
    }
    if (replacements.length === 0) return undefined;
    const lost = replacements.map((each) => each.lost);
    // A loss that no opening explains is another matter; most of them must be this.
    if (lossesOf(evidence).length > 2 * lost.length) return undefined;
    return {
      certainty: replacements.length > 1 ? 'certain' : 'likely',
      text: 'The receiver closes the older connections when a new one opens: the next participant who unmutes ends the audio of the others',
      evidence: replacements.map(
        ({ lost, newcomer }) =>
          `connection #${newcomer.number} opened at ${at(newcomer.openedSeconds!)}, #${lost.number} was ended ${Math.round((lost.closedSeconds! - newcomer.openedSeconds!) * 1_000)} ms later (${ending(lost)})`,
      ),
      explains: problemsOn(problems, lost, 'lost'),
    };
  },
};

function fellTo(older: ConnectionEvidence, { openedSeconds }: ConnectionEvidence): boolean {
  return older.endedBy === 'receiver' && older.closedSeconds! - openedSeconds! <= TOGETHER_SECONDS;
}
