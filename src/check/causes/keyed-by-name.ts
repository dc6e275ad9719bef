import type { KeptCause } from '../cause.ts';
import { strangersOf } from '../results.ts';

/** People of one name are one to it. */
export const keyedByName: KeptCause = {
  code: 'keyed_by_name',
  title: 'Keys audio by name',
  shows:
    'Audio of one person is in the file of another who has the same name, and never in that of somebody who has another.',
  remedy:
    'Key by `data.data.participant.id` within a recording, never by `name`: names may be equal, null, or change.',
  look(results) {
    if (results.passes('names.equal') === true) return undefined;
    const mixed = results.wrong.flatMap((result) => {
      const pairs = result.meetings.flatMap(strangersOf);
      return pairs.length === 0 ? [] : [{ result, pairs }];
    });
    const isOfOneName = mixed.every(({ pairs }) =>
      pairs.every(({ owner, stranger }) => owner.name === stranger.name),
    );
    if (mixed.length === 0 || !isOfOneName) return undefined;
    const explains = mixed.map(({ result }) => result);
    const certainty = results.certaintyOf(explains[0]!);
    if (certainty === undefined) return undefined;
    return { certainty, text: 'The receiver keys audio by name', explains };
  },
};
