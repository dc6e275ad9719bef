import type { KeptCause } from '../cause.ts';
import type { CaseResult } from '../report.ts';
import { isWrong } from '../results.ts';

/** A receiver for one meeting. */
export const endsItself: KeptCause = {
  code: 'ends_with_connections',
  title: 'Ends its process when connections close',
  shows: 'The process ends by itself, with exit code 0, in case after case.',
  remedy:
    'Keep the process alive: mutes close connections in the middle of a call, and the next call comes to the same URL.',
  look({ all }) {
    const explains = all.filter((each) => isWrong(each) && hasEnded(each));
    const heard = all.filter(({ meetings }) => meetings.some(({ connections }) => connections.length > 0));
    if (explains.length < 2 || explains.length < heard.length / 2) return undefined;
    if (heard.some((each) => outlives(each, all[all.indexOf(each) + 1]))) return undefined;
    return {
      certainty: 'certain',
      text: 'The receiver ends its process (exit code 0) when its connections close',
      explains,
    };
  },
};

function hasEnded({ process }: CaseResult): boolean {
  return process?.exit?.code === 0;
}

/** Whether the same process was still there when the next case was over. It may have ended a moment after its own was looked at. */
function outlives(result: CaseResult, next: CaseResult | undefined): boolean {
  const isSame = next !== undefined && next.process?.starts === result.process?.starts;
  return !hasEnded(result) && isSame && !hasEnded(next);
}
