import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { RealtimeEvent } from '../../src/protocol/events.ts';
import { signRequest } from '../../src/protocol/signing.ts';
import { type Receiver, type ReceiverOptions, startReceiver } from '../../src/receiver/receiver.ts';
import { withFolder } from '../support/cli.ts';

const SECRET = `whsec_${Buffer.from('a secret of some length').toString('base64')}`;
const RECORDING = '7c7ab2a0-5d8e-4a0e-9d43-3a7a2b6d2f10';

interface FrameOptions {
  readonly relative: number;
  readonly samples?: readonly number[];
  readonly participant?: number;
  readonly recording?: string;
}

function frame({
  relative,
  samples = [1, -2, 3],
  participant = 100,
  recording = RECORDING,
}: FrameOptions): string {
  const reference = (id: string) => ({ id, metadata: {} });
  return JSON.stringify({
    event: 'audio_separate_raw.data',
    data: {
      data: {
        buffer: Buffer.from(Int16Array.from(samples).buffer).toString('base64'),
        timestamp: { relative, absolute: '2025-01-29T23:49:58.570998+00:00' },
        participant: { id: participant, name: 'Ada', is_host: false, platform: null, extra_data: {} },
      },
      realtime_endpoint: reference('a5f7c3f4-9a63-4a70-8d33-0a6f4f5d0f01'),
      audio_separate: reference('a5f7c3f4-9a63-4a70-8d33-0a6f4f5d0f02'),
      recording: reference(recording),
      bot: reference('a5f7c3f4-9a63-4a70-8d33-0a6f4f5d0f03'),
    },
  });
}

/** Sends the messages on one connection each list, closes them, and ends the receiver. */
async function receive(
  options: ReceiverOptions,
  ...connections: readonly (readonly (string | Buffer)[])[]
): Promise<Receiver> {
  const receiver = await startReceiver(options);
  for (const messages of connections) {
    const socket = new WebSocket(receiver.url);
    await once(socket, 'open');
    for (const message of messages) socket.send(message);
    socket.close(1000);
    await once(socket, 'close');
  }
  await receiver.close();
  return receiver;
}

function wavSamples(file: string): number[] {
  const bytes = readFileSync(file).subarray(44);
  return [...new Int16Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength))];
}

describe('the embedded receiver', () => {
  it('puts every frame at its time, with silence between, over several connections', () =>
    withFolder(async (dir) => {
      const receiver = await receive(
        { dir },
        [frame({ relative: 0 }), frame({ relative: 5 / 16_000, samples: [7] })],
        [frame({ relative: 8 / 16_000, samples: [9, 9] })],
      );
      const folder = join(dir, `recording-${RECORDING}`);
      expect(wavSamples(join(folder, 'participant-100.wav'))).toEqual([1, -2, 3, 0, 0, 7, 0, 0, 9, 9]);
      expect(readFileSync(join(folder, 'events.ndjson'), 'utf8').trimEnd().split('\n')).toHaveLength(3);
      const connections = readFileSync(join(folder, 'connections.ndjson'), 'utf8')
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line));
      expect(connections).toMatchObject([
        { number: 1, messages: 2, closeCode: 1000, participants: [100] },
        { number: 2, messages: 1, closeCode: 1000 },
      ]);
      expect(receiver.stats()).toMatchObject({
        messages: 3,
        invalid: 0,
        connectionsTotal: 2,
        connectionsOpen: 0,
      });
    }));

  it('counts what is out of order or overlaps, and keeps it', async () => {
    const receiver = await receive({}, [
      frame({ relative: 1 }),
      frame({ relative: 0.5 }),
      frame({ relative: 1 }),
    ]);
    expect(receiver.stats().recordings[0]!.participants[0]).toMatchObject({
      frames: 3,
      outOfOrder: 1,
      overlaps: 2,
    });
  });

  it('never writes outside its folder, whatever the ids say', () =>
    withFolder(async (dir) => {
      const inner = join(dir, 'inner');
      const receiver = await receive({ dir: inner }, [
        frame({ relative: 0, recording: '../../escaped' }),
        frame({ relative: 0, recording: 'a/b' }),
        frame({ relative: 0, recording: '' }),
        frame({ relative: 0, recording: 'x'.repeat(100) }),
      ]);
      expect(receiver.stats()).toMatchObject({ messages: 4, invalid: 4 });
      expect(readdirSync(dir)).toEqual(['inner']);
      expect(readdirSync(inner)).toEqual([]);
      expect(existsSync(join(dir, 'escaped'))).toBe(false);
    }));

  it('refuses a timestamp that would make a huge file', async () => {
    const receiver = await receive({}, [frame({ relative: 1e9 })]);
    expect(receiver.problems[0]).toMatchObject({ code: 'timestamp_too_large' });
  });

  it('keeps events of names it does not know, and of participants', () =>
    withFolder(async (dir) => {
      const unknown = JSON.stringify(
        { event: 'brand_new.data', data: { recording: { id: RECORDING } } },
        null,
        2,
      );
      const events: RealtimeEvent[] = [];
      const receiver = await receive({ dir, onEvent: (event) => events.push(event) }, [
        frame({ relative: 0 }),
        unknown,
      ]);
      expect(receiver.stats()).toMatchObject({ invalid: 0, unknown: 1 });
      expect(events.map(({ event }) => event)).toEqual(['audio_separate_raw.data']);
      const lines = readFileSync(join(dir, `recording-${RECORDING}`, 'events.ndjson'), 'utf8')
        .trimEnd()
        .split('\n');
      expect(JSON.parse(lines[1]!)).toEqual(JSON.parse(unknown));
    }));

  it('survives anything that is sent to it', async () => {
    const receiver = await startReceiver();
    const messageArb = fc.oneof(
      fc.string(),
      fc.json(),
      fc.uint8Array().map((bytes) => Buffer.from(bytes)),
      fc.constant(frame({ relative: 0 })),
      fc.integer({ min: 0, max: 700 }).map((cut) => frame({ relative: 0 }).slice(0, cut)),
      fc
        .tuple(fc.constantFrom('buffer', 'timestamp', 'participant'), fc.jsonValue())
        .map(([field, value]) => {
          const message = JSON.parse(frame({ relative: 0 }));
          message.data.data[field] = value;
          return JSON.stringify(message);
        }),
    );
    let sent = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(messageArb, { maxLength: 10 }), async (messages) => {
        const socket = new WebSocket(receiver.url);
        await once(socket, 'open');
        for (const message of messages) socket.send(message);
        sent += messages.length;
        socket.close(1000);
        const [code] = await once(socket, 'close');
        expect(code).toBe(1000);
      }),
      { numRuns: 200 },
    );
    expect(receiver.stats().messages).toBe(sent);
    await receiver.close();
  });

  it('ends a connection whose message is too large, and goes on', async () => {
    const receiver = await startReceiver({ maxMessageBytes: 1_000 });
    const socket = new WebSocket(receiver.url);
    await once(socket, 'open');
    socket.send('x'.repeat(1_001));
    const [code] = await once(socket, 'close');
    expect(code).toBe(1009);
    await receiver.close();
  });

  it('lets in only what is signed with its secret', async () => {
    const receiver = await startReceiver({ secret: SECRET });
    const now = Math.floor(Date.now() / 1_000);
    const dial = async (headers: Record<string, string>): Promise<number> => {
      const socket = new WebSocket(receiver.url, { headers });
      const [event, response] = await Promise.race([
        once(socket, 'open').then(() => ['open'] as const),
        once(socket, 'unexpected-response').then(([, answer]) => ['refused', answer] as const),
      ]);
      socket.on('error', () => {});
      socket.terminate();
      return event === 'open' ? 101 : response!.statusCode;
    };
    expect(await dial({})).toBe(401);
    expect(await dial(signRequest({ secret: SECRET, id: 'msg_1', timestampSeconds: now - 3_600 }))).toBe(401);
    expect(await dial({ ...signRequest({ secret: SECRET, id: 'msg_1', timestampSeconds: now }) })).toBe(101);
    expect(receiver.stats().refusedUpgrades).toBe(2);
    await receiver.close();
  });

  it('tells what it got over HTTP, and closes twice without harm', async () => {
    const receiver = await startReceiver();
    const origin = `http://127.0.0.1:${receiver.port}`;
    expect(await (await fetch(`${origin}/`)).json()).toMatchObject({ messages: 0, connectionsTotal: 0 });
    expect((await fetch(`${origin}/nothing`)).status).toBe(404);
    await Promise.all([receiver.close(), receiver.close()]);
    await expect(fetch(`${origin}/`)).rejects.toThrow();
  });
});
