import type { KeptCause } from '../cause.ts';
import { isWrong } from '../results.ts';

/** A receiver for one meeting. */
export const endsItself: KeptCause = {
  code: 'ends_with_connections',
  title: 'Ends its process when connections close',
  shows: 'The process ends by itself, with exit code 0, in case after case.',
  remedy:
    'Keep the process alive: mutes close connections in the middle of a call, and the next call comes to the same URL.',
  look({ all }) {
    const explains = all.filter((each) => isWrong(each) && each.process?.exit?.code === 0);
    const heard = all.filter(({ meetings }) => meetings.some(({ connections }) => connections.length > 0));
    if (explains.length < 2 || explains.length < heard.length) return undefined;
    return {
      certainty: 'certain',
      text: 'The receiver ends its process (exit code 0) when its connections close',
      explains,
    };
  },
};
