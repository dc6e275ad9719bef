import type { KeptCause } from '../cause.ts';
import type { CaseResult } from '../report.ts';

/** Names that make no file name: with slashes in them, or longer than one may be. */
const CASES = ['names.unsafe', 'names.long'];
/** What systems say of it. */
const TOO_LONG = /ENAMETOOLONG|file name too long/i;

/** `open(f'{name}.txt')`. */
export const filesOfNames: KeptCause = {
  code: 'files_of_names',
  title: 'Makes names of files of the names of people',
  shows: 'It fails at a name with slashes and at a name of a thousand characters, and at no other.',
  remedy:
    'Name files by `data.data.participant.id`. Where a name has to be seen in one, leave out all but letters and digits, cut it to a hundred characters, and add the id.',
  look(results) {
    const explains = CASES.flatMap((id) => results.telling(id));
    const areAll = CASES.every((id) => results.telling(id).length > 0);
    const certainty = areAll ? results.certaintyOf(explains[0]!) : undefined;
    if (certainty === undefined) return undefined;
    return {
      certainty: explains.some(saysSo) ? certainty : 'likely',
      text: 'The receiver makes names of files of the names of people',
      explains,
    };
  },
};

function saysSo({ process }: CaseResult): boolean {
  return process?.exit?.stderr.some((line) => TOO_LONG.test(line)) === true;
}
