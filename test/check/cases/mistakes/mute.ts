/** Mistakes with mutes. */
import { SAMPLE_RATE } from '../../../../src/protocol/pcm.ts';
import type { Audio, Connection, Steps } from '../stage.ts';
import { drops, endOf, LOST, type Mistake, Notes, startOf } from './mistake.ts';

/** Drops somebody's audio for good once nothing has come of them for so long. */
function silenceIsTheEnd(samples: number): Steps['takes'] {
  const ends = new Notes(Number.POSITIVE_INFINITY);
  return (audio) => {
    if (startOf(audio) > ends.of(audio) + samples) return false;
    ends.set(audio, endOf(audio));
    return true;
  };
}

/** Whoever has a message within so many samples is there. */
const THERE = 0.2 * SAMPLE_RATE;
/** Longer than others go on in cases in which they only end one after another. */
const A_WHILE = 1.5 * SAMPLE_RATE;

export const MUTE: readonly Mistake[] = [
  // Where nothing comes for longer, for whatever reason, that is so, too.
  {
    ...drops(
      'takes a mute of more than 1.2 s for the end',
      ['mute.off_and_on', 'mute.all_muted', 'mute.all_muted_for_a_minute', 'connections.lost_for_long'],
      () => silenceIsTheEnd(1.2 * SAMPLE_RATE),
    ),
    // What is lost comes back later there.
    mayCost: ['connections.lost_and_back', 'network.half_open', 'network.reset'],
  },
  drops('takes a mute of more than 5 s for the end', ['mute.all_muted', 'mute.all_muted_for_a_minute'], () =>
    silenceIsTheEnd(5 * SAMPLE_RATE),
  ),
  drops('gives up whoever says nothing for half a minute', 'mute.all_muted_for_a_minute', () =>
    silenceIsTheEnd(30 * SAMPLE_RATE),
  ),
  {
    what: "finishes the files of everybody who is there, a while after somebody's connection closes",
    costs: ['mute.one_of_three'],
    says: LOST,
    // By what was heard when, and not by what arrives when: closes may be late.
    steps: () => {
      const starts = new Map<number, number[]>();
      const closed: Connection[] = [];
      const isThere = (id: number, at: number): boolean =>
        starts.get(id)?.some((start) => start >= at && start < at + THERE) === true;
      return {
        takes: (audio) => {
          starts.set(audio.id, [...(starts.get(audio.id) ?? []), startOf(audio)]);
          return true;
        },
        close: (connection) => closed.push(connection),
        finish: (samples, id) => {
          const isCutBy = ({ ids, code, endSample }: Connection): boolean =>
            // Not lost, and not replaced.
            code === 1_000 &&
            ids.size > 0 &&
            [...ids].every((each) => !isThere(each, endSample)) &&
            isThere(id, endSample);
          const ends = closed.filter(isCutBy).map(({ endSample }) => endSample + A_WHILE);
          return samples.subarray(0, Math.min(samples.length, ...ends));
        },
      };
    },
  },
  drops('keeps a message when the next has come', 'mute.short_unmute', () => {
    const last = new Notes<{ end: number; held: readonly Audio[] }>({ end: -1, held: [] });
    return (audio) => {
      const { end, held } = last.of(audio);
      const goesOn = end === startOf(audio);
      last.set(audio, { end: endOf(audio), held: goesOn ? [] : [audio] });
      return goesOn && [...held, audio];
    };
  }),
  drops('has room for eight stretches', 'mute.ten_toggles', () => {
    const last = new Notes({ end: -1, stretches: 0 });
    return (audio) => {
      const { end, stretches } = last.of(audio);
      const count = stretches + (end === startOf(audio) ? 0 : 1);
      last.set(audio, { end: endOf(audio), stretches: count });
      return count <= 8;
    };
  }),
  {
    what: 'puts audio on a grid of 10 ms',
    costs: ['mute.off_grid'],
    says: /silence at .* are .* in the file/,
    steps: () => ({ place: ({ relative }) => Math.round(relative * 100) * (SAMPLE_RATE / 100) }),
  },
];
