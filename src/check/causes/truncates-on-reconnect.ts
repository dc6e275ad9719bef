import type { KeptCause } from '../cause.ts';
import { comebacksOf, isAboutComebacks } from '../comebacks.ts';

/** `open(file, 'w')` at each connection. */
export const truncatesOnReconnect: KeptCause = {
  code: 'truncates_on_reconnect',
  title: "Begins a participant's file anew with each connection",
  shows: 'Of whoever is unmuted again, only what came over the last connection is there.',
  remedy:
    'Look for what you have by recording id and participant id, and go on with it. Compare ids as one type: 100 and "100" are two keys. Open files to append, not to write.',
  look({ all, wrong }) {
    const comebacks = all.flatMap((result) => comebacksOf(result).map((fate) => ({ result, fate })));
    const cut = comebacks.filter(({ fate }) => fate === 'last');
    if (cut.length === 0 || comebacks.some(({ fate }) => fate !== 'last')) return undefined;
    const told = new Set(cut.map(({ result }) => result));
    const explains = wrong.filter((each) => told.has(each) && isAboutComebacks(each));
    if (explains.length === 0) return undefined;
    return {
      certainty: 'certain',
      text: "The receiver begins a participant's file anew with each connection",
      explains,
    };
  },
};
