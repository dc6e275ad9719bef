/** Mistakes with names, ids and whatever else says who it is. */
import { SAMPLE_RATE } from '../../../../src/protocol/pcm.ts';
import { drops, endOf, LOST, type Mistake, startOf } from './mistake.ts';

export const NAMES: readonly Mistake[] = [
  {
    what: 'keys by name',
    // Somebody with the name of somebody who was there before is one of two people of one name.
    costs: ['names.equal', 'names.back_new_id'],
    says: /(Alex|Ada Moreno) \(\d+\)/,
    steps: () => {
      const firsts = new Map<string | null, number>();
      return {
        key: ({ id, name }) => {
          if (!firsts.has(name)) firsts.set(name, id);
          return String(firsts.get(name));
        },
      };
    },
  },
  {
    what: 'takes somebody of the name of somebody who is gone for them',
    costs: ['names.back_new_id'],
    says: /Ada Moreno \(\d+\)/,
    steps: () => {
      const owners = new Map<number, number>();
      const last = new Map<string | null, { owner: number; end: number }>();
      return {
        key: (audio) => {
          const known = last.get(audio.name);
          const isBack = known !== undefined && startOf(audio) > known.end + SAMPLE_RATE / 2;
          const owner = owners.get(audio.id) ?? (isBack ? known.owner : audio.id);
          owners.set(audio.id, owner);
          last.set(audio.name, { owner, end: endOf(audio) });
          return String(owner);
        },
      };
    },
  },
  drops(
    'takes a name for text',
    'names.null',
    () =>
      ({ name }) =>
        name!.length >= 0,
  ),
  drops(
    'takes an empty name for nobody',
    'names.empty',
    () =>
      ({ name }) =>
        name === null || name.trim() !== '',
  ),
  {
    what: 'begins a file for each name',
    costs: ['names.renamed'],
    says: /in 2 files, one for each name/,
    steps: () => ({ key: ({ id, name }) => `${id} ${name}` }),
  },
  drops(
    'keeps names in Latin-1',
    'names.unicode',
    () =>
      ({ name }) =>
        /^[\x20-\xff]*$/.test(name ?? ''),
  ),
  drops(
    'makes file names of names',
    'names.unsafe',
    () =>
      ({ name }) =>
        !/[/\\]/.test(name ?? ''),
  ),
  drops(
    'has a column for 255 characters',
    'names.long',
    () =>
      ({ name }) =>
        (name?.length ?? 0) <= 255,
  ),
  {
    what: 'has ids of 32 bits',
    costs: ['names.large_ids'],
    says: /is not in the meeting|no file of/,
    steps: () => ({ key: ({ id }) => String(id | 0) }),
  },
  drops(
    'takes one id for the bot',
    'names.large_ids',
    () =>
      ({ id }) =>
        id !== 2_147_483_647,
  ),
  drops(
    "takes one name for the bot's",
    'names.bot_voice',
    () =>
      ({ name }) =>
        name !== 'Meeting Notetaker',
  ),
  {
    what: 'finishes the file of whoever leaves',
    costs: ['names.back_same_id'],
    says: LOST,
    steps: () => {
      const gone = new Set<number>();
      return {
        takes: ({ id }) => !gone.has(id),
        event: (name, id) => {
          if (name === 'participant_events.leave' && id !== undefined) gone.add(id);
        },
      };
    },
  },
  drops(
    'knows no email',
    'names.email',
    () =>
      ({ data }) =>
        data.data.participant.email == null,
  ),
];
