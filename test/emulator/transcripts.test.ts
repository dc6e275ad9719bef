import { describe, expect, it } from 'vitest';
import { EventMessages } from '../../src/emulator/event-messages.ts';
import type { Session } from '../../src/emulator/session.ts';
import { SpokenWords } from '../../src/emulator/transcripts.ts';
import { makeSession } from '../support/session.ts';

interface Told {
  readonly event: string;
  readonly text: string;
}

/** Ten words in five seconds from second 1 on; `act` is done in the session, which has begun. */
async function spoken(act: (words: SpokenWords, session: Session) => void): Promise<Told[]> {
  const told: Told[] = [];
  const session = await makeSession({ duration: 10, participants: [{ id: 1 }], timeline: [] });
  const messages = new EventMessages({
    session,
    artifacts: { transcript: { id: 't', metadata: {} } },
    sendElsewhere: (event, message) => {
      const { data } = message({ id: 'e', metadata: {} }) as {
        data: { data: { words: readonly { text: string }[] } };
      };
      told.push({ event, text: data.data.words.map(({ text }) => text).join(' ') });
    },
  });
  const words = new SpokenWords(session, messages);
  await session.play(undefined, { start: () => act(words, session), finish: () => {} });
  return told;
}

const utterance = {
  participant: 0,
  startSample: 16_000,
  endSample: 96_000,
  text: 'a b c d e f g h i j',
} as const;

describe('the words of an utterance', () => {
  it('come in parts every second, and as a whole at its end', async () => {
    const told = await spoken((words, session) => {
      session.tasks.at(session.timeOfSample(16_000), () => words.say(utterance, 16_000));
    });
    expect(told).toEqual([
      ...['a b', 'a b c d', 'a b c d e f', 'a b c d e f g h'].map((text) => ({
        event: 'transcript.partial_data',
        text,
      })),
      { event: 'transcript.data', text: 'a b c d e f g h i j' },
    ]);
  });

  it('end where nobody hears them any more, with the words that were whole by then', async () => {
    const told = await spoken((words, session) => {
      session.tasks.at(session.timeOfSample(16_000), () => words.say(utterance, 16_000));
      session.tasks.at(session.timeOfSample(44_000), () => words.stop(0, 44_000));
    });
    expect(told.filter(({ event }) => event === 'transcript.data')).toEqual([
      { event: 'transcript.data', text: 'a b c' },
    ]);
    expect(told.at(-1)!.event).toBe('transcript.data');
  });

  it('begin with the first that was heard whole', async () => {
    const told = await spoken((words, session) => {
      session.tasks.at(session.timeOfSample(80_000), () => words.say(utterance, 80_000));
    });
    expect(told.at(-1)).toEqual({ event: 'transcript.data', text: 'i j' });
  });

  it('are none without text', async () => {
    const told = await spoken((words, session) => {
      session.tasks.at(session.timeOfSample(16_000), () =>
        words.say({ ...utterance, text: undefined }, 16_000),
      );
    });
    expect(told).toEqual([]);
  });
});
