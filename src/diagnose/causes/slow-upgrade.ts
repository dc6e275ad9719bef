import type { Cause } from '../cause.ts';
import { problemsOn } from '../problems.ts';
import { refusedWith } from '../refusals.ts';
import { at, listed } from '../words.ts';

/** Audio does not wait for a handshake. */
export const slowUpgrade: Cause = {
  code: 'slow_upgrade',
  title: 'Answers the upgrade late or never',
  shows:
    'A dial reaches the receiver, and its answer takes longer than audio is kept for it, or does not come.',
  remedy:
    'Accept first and do what takes long (look-ups, loading a model, connecting to another service) afterwards. If it never answers, its event loop may be blocked, or the port is no HTTP server.',
  look(evidence, problems) {
    const late = problems.filter(({ kind }) => kind === 'late');
    const silent = refusedWith(evidence, (code) => code === 'upgrade_timeout');
    if (late.length + silent.connections.length === 0) return undefined;
    const never = late.every(({ connection }) => connection.openedSeconds === null);
    return {
      certainty: 'certain',
      text: never
        ? `The receiver takes the connection and does not answer the upgrade (${listed(silent.connections.length > 0 ? silent.connections : late.map(({ connection }) => connection))})`
        : 'The receiver answers the upgrade too late: audio was lost meanwhile',
      evidence: [
        ...late.map(({ connection: { number, dials, openedSeconds } }) =>
          openedSeconds === null
            ? `connection #${number}: dialled at ${at(dials[0]!.startedSeconds)}, never opened`
            : `connection #${number}: dialled at ${at(dials[0]!.startedSeconds)}, open at ${at(openedSeconds)}`,
        ),
        ...silent.facts,
      ],
      explains: [...late, ...problemsOn(problems, silent.connections, 'refused')],
    };
  },
};
