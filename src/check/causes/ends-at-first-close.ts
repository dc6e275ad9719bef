import type { KeptCause } from '../cause.ts';
import { comebacksOf, isAboutComebacks } from '../comebacks.ts';

/** It takes a mute for the end of the participant. */
export const endsAtFirstClose: KeptCause = {
  code: 'mute_ends_participant',
  title: 'Takes a mute for the end of the participant',
  shows: 'Of whoever is unmuted again, only what came over the first connection is there.',
  remedy:
    'A close ends a stretch, not the participant: keep what you have by recording id and participant id, and go on when a connection with the same ids comes.',
  look({ all, wrong }) {
    const comebacks = all.flatMap((result) => comebacksOf(result).map((fate) => ({ result, fate })));
    const cut = comebacks.filter(({ fate }) => fate === 'first');
    if (cut.length === 0 || comebacks.some(({ fate }) => fate !== 'first')) return undefined;
    const told = new Set(cut.map(({ result }) => result));
    const explains = wrong.filter((each) => told.has(each) && isAboutComebacks(each));
    if (explains.length === 0) return undefined;
    return {
      certainty: 'certain',
      text: 'The receiver takes a mute for the end of the participant',
      explains,
    };
  },
};
