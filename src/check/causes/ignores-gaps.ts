import type { KeptCause } from '../cause.ts';
import type { MeetingReport } from '../report.ts';
import { hasOnly } from '../results.ts';

/** It restores some silence, and leaves out other. */
export const ignoresGaps: KeptCause = {
  code: 'ignores_gaps',
  title: 'Ignores gaps in timestamps',
  shows:
    'The silence before the first word of somebody is in their file, and that of a mute is not: what follows is too early by as much.',
  remedy:
    'Decide once: put all audio at `data.data.timestamp.relative`, or leave out all silence. A mute is a gap between the end of one message and the timestamp of the next.',
  look(results) {
    const code = 'silence_not_restored';
    const about = results.wrong.filter((result) => hasOnly(result, [code, 'layouts_differ']));
    const telling = about.filter((result) => hasOnly(result, [code]));
    if (telling.length === 0) return undefined;
    const explains = [...telling, ...about.filter((each) => !telling.includes(each))];
    const certainty = results.certaintyOf(explains[0]!);
    return (
      certainty && {
        certainty,
        text: explains.some(({ meetings }) => meetings.some(restoresAny))
          ? 'The receiver restores the silence of some mutes and not of others'
          : 'The receiver ignores gaps in timestamps, and restores only the silence before the first word',
        explains,
      }
    );
  },
};

/** Shorter gaps are none, and as much is lost in rounding. */
const GAP_S = 0.05;

/** Whether the silence between two stretches of somebody stands in their file as it was. */
function restoresAny({ kept }: MeetingReport): boolean {
  return (kept ?? []).some(({ runs }) => {
    const sent = runs.filter(({ kind }) => kind === 'sent');
    return sent.slice(1).some(({ from_s, at_s }, index) => {
      const before = sent[index]!;
      const gap = from_s! - (before.from_s! + before.length_s);
      return gap > GAP_S && Math.abs(at_s - (before.at_s + before.length_s) - gap) < GAP_S;
    });
  });
}
