import type { KeptCause } from '../cause.ts';
import { strangersOf } from '../results.ts';

/** It was made for a connection per participant, and looks at the id once. */
export const oneSpeakerPerConnection: KeptCause = {
  code: 'one_speaker_per_connection',
  title: 'Takes all that comes over a connection for one person',
  shows:
    'With one connection for all, people are in the file of somebody else; with a connection for each of them, nobody is.',
  remedy: 'Do not bind a connection to a participant: look at `data.data.participant.id` in every message.',
  look({ all, wrong }) {
    const isMixed = ({ meetings }: (typeof all)[number]): boolean => meetings.flatMap(strangersOf).length > 0;
    const mixed = wrong.filter(isMixed);
    const differ = mixed.filter(({ meetings }) =>
      meetings.flatMap(strangersOf).some(({ owner, stranger }) => owner.name !== stranger.name),
    );
    if (differ.length === 0 || mixed.some(({ connections }) => connections !== 'per-endpoint'))
      return undefined;
    // Somebody else has to share a meeting with a connection of their own, and be kept apart.
    const isApart = all.some(
      ({ connections, verdict, meetings }) =>
        connections === 'per-participant' &&
        verdict === 'pass' &&
        meetings.some(({ lanes }) => lanes.filter(({ unmuted }) => unmuted.length > 0).length > 1),
    );
    return {
      certainty: isApart ? 'certain' : 'likely',
      text: 'The receiver takes all that comes over a connection for one person',
      explains: [...differ, ...mixed.filter((each) => !differ.includes(each))],
    };
  },
};
