/** What a good receiver does, in the order in which it is checked. */
import fc from 'fast-check';
import { malformation, reconnection, repetition } from './disturbances.ts';
import { type Defect, spoilerArb } from './malformed.ts';
import {
  alone,
  aloneOfAnyLength,
  comesBack,
  isMuted,
  leaveOneByOne,
  ONE_FRAME,
  renamed,
  type Situation,
  situation,
  talkInTurn,
  together,
} from './situations.ts';

export interface Property {
  readonly name: string;
  /** What it takes to have it. */
  readonly hint: string;
  /** Properties without which nobody can have this one: they are checked before it. */
  readonly needs: readonly string[];
  readonly situations: fc.Arbitrary<Situation>;
  /** Situations that are tried before the random ones. */
  readonly examples?: readonly Situation[];
}

/** Defects that no receiver can make sense of. */
const UNUSABLE: readonly Defect[] = [
  'not_json',
  'not_an_object',
  'missing_field',
  'wrong_type',
  'bad_base64',
];

const KEPT = "one participant's audio is kept";
const COMES_BACK = 'a participant who unmutes again goes on';
const SILENCE = 'the silence of mutes is restored';
const APART = 'participants are kept apart';
const OWN_CLOSE = 'a close ends its own stream only';

const PROPERTIES = [
  {
    name: KEPT,
    hint: 'The simplest meeting: one person, one connection, frame after frame. Decode the base64 of data.data.buffer and keep all of it.',
    needs: [],
    situations: alone.map((scenario) => situation(scenario)),
    examples: [situation(ONE_FRAME)],
  },
  {
    name: 'audio stands where its timestamp says, whenever it arrives',
    hint: 'Go by timestamp.relative. Messages may be held up by seconds and then come at once; the clock says nothing about where audio belongs.',
    needs: [KEPT],
    situations: fc
      .record({
        scenario: alone,
        delaysMs: fc.array(fc.integer({ min: 0, max: 3_000 }), { minLength: 1, maxLength: 5 }),
      })
      .map(({ scenario, delaysMs }) => situation(scenario, { delaysMs })),
  },
  {
    name: COMES_BACK,
    hint: 'A mute closes the connection, and the next unmute opens another one: the participant and their audio are the same.',
    needs: [KEPT],
    situations: comesBack.map((scenario) => situation(scenario)),
  },
  {
    name: SILENCE,
    hint: 'Nothing is sent while somebody is muted: fill up to timestamp.relative with silence before you append.',
    needs: [COMES_BACK],
    situations: isMuted.map((scenario) => situation(scenario)),
  },
  {
    name: APART,
    hint: 'Several people talk at once: keep audio by data.data.participant.id.',
    needs: [KEPT],
    situations: together.map((scenario) => situation(scenario)),
  },
  {
    name: OWN_CLOSE,
    hint: 'Each unmuted participant has a connection of their own: what ends with it is theirs, not the recording.',
    needs: [APART],
    situations: leaveOneByOne.map((scenario) => situation(scenario)),
  },
  {
    name: 'people of the same name are told apart',
    hint: 'Key by participant.id: names may be equal, null, or change.',
    needs: [APART],
    situations: fc
      .record({ scenario: together, name: fc.constantFrom('Ada', null) })
      .map(({ scenario, name }) => situation(renamed(scenario, name))),
  },
  {
    name: 'one shared connection works as well',
    hint: 'Newer documentation has one connection for all participants: keep state by recording and participant, not by socket.',
    needs: [APART, SILENCE],
    situations: talkInTurn.map((scenario) => situation(scenario, { mode: 'per-endpoint' })),
  },
  {
    name: 'frames may have any size',
    hint: 'The length of a buffer is not documented: take as many samples as it has.',
    needs: [KEPT],
    situations: fc
      .record({
        scenario: aloneOfAnyLength,
        frameMs: fc.array(fc.integer({ min: 10, max: 400 }), { minLength: 1, maxLength: 3 }),
      })
      .map(({ scenario, frameMs }) => situation(scenario, { frameMs })),
  },
  {
    name: 'a stream goes on after its connection is lost',
    hint: 'The same participant comes back over a new connection, with timestamps that go on.',
    needs: [COMES_BACK, OWN_CLOSE],
    situations: fc
      .record({ scenario: alone, at: fc.nat(8), late: fc.boolean() })
      .map(({ scenario, at, late }) => situation(scenario, { disturbance: reconnection(at, late) })),
  },
  {
    name: 'a message that comes twice counts once',
    hint: 'Put audio at its position instead of appending it; what is there already stays.',
    needs: [KEPT],
    situations: fc
      .record({ scenario: alone, every: fc.integer({ min: 1, max: 5 }) })
      .map(({ scenario, every }) => situation(scenario, { disturbance: repetition(every) })),
  },
  {
    name: 'a malformed message breaks nothing else',
    hint: 'Check a message before you use it, and go on without it.',
    needs: [KEPT],
    situations: fc
      .record({ scenario: alone, at: fc.nat(8), spoiler: spoilerArb(UNUSABLE) })
      .map(({ scenario, at, spoiler }) => situation(scenario, { disturbance: malformation(at, spoiler) })),
  },
] as const satisfies readonly Property[];

export type ReceiverProperty = (typeof PROPERTIES)[number]['name'];

/** The names of all properties, in the order in which they are checked. */
export const RECEIVER_PROPERTIES: readonly ReceiverProperty[] = PROPERTIES.map(({ name }) => name);

/** The named properties and all that they need, in the order in which they are checked. */
export function withNeeded(names: readonly ReceiverProperty[]): readonly Property[] {
  const wanted = new Set<string>(names);
  // Needed ones come earlier in the table: from its end every need is met.
  for (const { name, needs } of PROPERTIES.toReversed()) {
    if (wanted.has(name)) for (const need of needs) wanted.add(need);
  }
  return PROPERTIES.filter(({ name }) => wanted.has(name));
}
