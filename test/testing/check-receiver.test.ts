import { describe, expect, it } from 'vitest';
import { Receiver as ExampleReceiver } from '../../examples/node-receiver/src/receiver.ts';
import {
  checkReceiver,
  RECEIVER_PROPERTIES,
  ReceiverCheckError,
  type ReceiverProperty,
  type ReceiverUnderTest,
} from '../../src/testing/index.ts';

/** What people get wrong. */
type Flaw =
  | 'none'
  | 'drops the gap restoration'
  | 'closes all streams on one close'
  | 'keys speakers by name'
  | 'goes by the wall clock'
  | 'appends'
  | 'takes frames for 100 ms'
  | 'trusts every message'
  | 'keeps one speaker per socket';

/** A receiver as one writes it first, with one flaw. */
function flawed(flaw: Flaw): ReceiverUnderTest {
  const tracks = new Map<string, { samples: number[]; open: boolean; startedMs: number }>();
  const keys = new Map<number, string>();
  const connection = (): ReturnType<ReceiverUnderTest['connect']> => {
    let own: string | undefined;
    return {
      message(text) {
        let event: {
          event: string;
          data: {
            data: {
              buffer: string;
              timestamp: { relative: number };
              participant: { id: number; name: string | null };
            };
            recording: { id: string };
          };
        };
        if (flaw === 'trusts every message') event = JSON.parse(text);
        else {
          try {
            event = JSON.parse(text);
            const { buffer, timestamp, participant } = event.data.data;
            const numbers = [timestamp.relative, participant.id].every((value) => typeof value === 'number');
            if (
              typeof buffer !== 'string' ||
              !/^[\w+/]*=*$/.test(buffer) ||
              !numbers ||
              typeof event.data.recording.id !== 'string'
            )
              return;
          } catch {
            return;
          }
        }
        const { buffer, timestamp, participant } = event.data.data;
        let key = flaw === 'keys speakers by name' ? String(participant.name) : String(participant.id);
        keys.set(participant.id, key);
        const isFirst = own === undefined;
        own ??= key;
        if (flaw === 'keeps one speaker per socket') key = own;
        let track = tracks.get(key);
        if (track === undefined) {
          track = { samples: [], open: true, startedMs: Date.now() - timestamp.relative * 1_000 };
          tracks.set(key, track);
        }
        // What has been closed is opened again by a new connection only.
        if (isFirst) track.open = true;
        if (!track.open) return;
        const bytes = Buffer.from(buffer, 'base64');
        let position = Math.round(timestamp.relative * 16_000);
        if (flaw === 'goes by the wall clock')
          position = Math.max(track.samples.length, Math.round((Date.now() - track.startedMs) * 16));
        if (flaw === 'drops the gap restoration') position = track.samples.length;
        if (flaw === 'appends') position = Math.max(position, track.samples.length);
        const frame =
          flaw === 'takes frames for 100 ms' ? Math.min(1_600, bytes.length >> 1) : bytes.length >> 1;
        while (track.samples.length < position) track.samples.push(0);
        for (let index = 0; index < frame; index++)
          track.samples[position + index] = bytes.readInt16LE(index * 2);
      },
      close() {
        if (flaw === 'closes all streams on one close')
          for (const track of tracks.values()) track.open = false;
      },
    };
  };
  return {
    connect: connection,
    audio: (id) => Int16Array.from(tracks.get(keys.get(id) ?? '')?.samples ?? []),
  };
}

async function failureOf(flaw: Flaw): Promise<ReceiverCheckError> {
  const error = await checkReceiver(() => flawed(flaw), { runs: 100 }).then(
    () => undefined,
    (reason) => reason,
  );
  expect(error, flaw).toBeInstanceOf(ReceiverCheckError);
  return error;
}

describe('checkReceiver', () => {
  it('lets the example receiver pass, and a plain one without flaws', async () => {
    await checkReceiver(() => new ExampleReceiver(), { runs: 100 });
    await checkReceiver(() => flawed('none'), { runs: 100 });
  });

  it.each<[Flaw, ReceiverProperty]>([
    ['goes by the wall clock', 'audio stands where its timestamp says, whenever it arrives'],
    ['drops the gap restoration', 'the silence of mutes is restored'],
    ['closes all streams on one close', 'a close ends its own stream only'],
    ['keys speakers by name', 'people of the same name are told apart'],
    ['keeps one speaker per socket', 'one shared connection works as well'],
    ['takes frames for 100 ms', 'frames may have any size'],
    ['appends', 'a message that comes twice counts once'],
    ['trusts every message', 'a malformed message breaks nothing else'],
  ])('finds that a receiver %s', async (flaw, property) => {
    const error = await failureOf(flaw);
    // A flaw may break more than the property that is about it; it must break that one.
    const alone = await checkReceiver(() => flawed(flaw), { runs: 200, properties: [property] }).catch(
      (reason) => reason,
    );
    expect(alone).toBeInstanceOf(ReceiverCheckError);
    expect(alone.message).toContain(`does not have this property: ${property}`);
    if (process.env.SHOW_FAILURES !== undefined) console.log(`${flaw}\n${error.message}\n`);
    expect(RECEIVER_PROPERTIES.indexOf(error.property as ReceiverProperty)).toBeLessThanOrEqual(
      RECEIVER_PROPERTIES.indexOf(property),
    );
  });

  it('names the four classic mistakes by the property that is about them', async () => {
    expect((await failureOf('drops the gap restoration')).property).toBe('the silence of mutes is restored');
    expect((await failureOf('closes all streams on one close')).property).toBe(
      'a close ends its own stream only',
    );
    expect((await failureOf('keys speakers by name')).property).toBe(
      'people of the same name are told apart',
    );
    expect((await failureOf('goes by the wall clock')).property).toBe(
      'audio stands where its timestamp says, whenever it arrives',
    );
  });

  it('shows where, what and the smallest meeting, and gives the clock back', async () => {
    const before = [Date.now, performance.now];
    const { message, scenario } = await failureOf('drops the gap restoration');
    expect(message).toMatch(/participant 100 \(Person 1\): differs at \d/);
    expect(message).toMatch(/expected\s+-?\d/);
    expect(message).toContain('timeline:');
    expect(scenario.participants).toHaveLength(1);
    expect([Date.now, performance.now]).toEqual(before);
  });
});
