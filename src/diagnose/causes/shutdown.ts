import type { Cause } from '../cause.ts';
import { problemsOn } from '../problems.ts';
import { at, ending, listed } from '../words.ts';
import { lostAtOnce, refusedAfter } from './crash.ts';

/** Going away, and service restart (RFC 6455 §7.4.1 and the registry of close codes). */
const GOING = new Set([1001, 1012]);

/** A receiver that was stopped or restarted in order. */
export const shutdown: Cause = {
  code: 'shutdown',
  title: 'Was stopped or restarted in mid-call',
  shows: 'All open connections are closed at one moment with 1001 (going away) or 1012 (service restart).',
  remedy:
    'If a deploy does this on purpose, the audio until the next dial is lost on real calls, too: let the old process finish its calls first. A file watcher restarts development servers like this.',
  look(evidence, problems) {
    const lost = lostAtOnce(evidence);
    if (lost.length === 0 || lost.some(({ closeCode }) => !GOING.has(closeCode!))) return undefined;
    const atSeconds = lost[0]!.closedSeconds!;
    const refused = refusedAfter(evidence, atSeconds);
    return {
      certainty: refused.length > 0 ? 'certain' : 'likely',
      text: `The receiver was stopped or restarted at ${at(atSeconds)}: it said goodbye to all connections at one moment`,
      evidence: [
        `${listed(lost)} closed at ${at(atSeconds)} (${ending(lost[0]!)})`,
        ...refused.slice(0, 1).map(({ number }) => `the next dial (#${number}) found nothing listening`),
      ],
      explains: [...problemsOn(problems, lost, 'lost'), ...problemsOn(problems, refused, 'refused')],
    };
  },
};
