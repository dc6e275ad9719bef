import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { get } from 'node:http';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import fc from 'fast-check';
import { generate } from 'selfsigned';
import { describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { RealtimeEvent } from '../../src/protocol/events.ts';
import { signRequest } from '../../src/protocol/signing.ts';
import { type Receiver, type ReceiverOptions, startReceiver } from '../../src/receiver/receiver.ts';
import { Picture } from '../../src/video/picture.ts';
import { withFolder } from '../support/cli.ts';
import { frame, RECORDING } from '../support/frame.ts';
import { until } from '../support/until.ts';

const SECRET = `whsec_${Buffer.from('a secret of some length').toString('base64')}`;

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

/** One `video_separate_png.data` message of participant 100, as text. `png` begins with a signature. */
function picture(relative: number, type: string, png: Uint8Array = PICTURE.at(relative)): string {
  const event = JSON.parse(frame({ relative }));
  const { audio_separate: video_separate, ...data } = event.data;
  const buffer = Buffer.from(png).toString('base64');
  return JSON.stringify({
    event: 'video_separate_png.data',
    data: { ...data, video_separate, data: { ...data.data, buffer, type } },
  });
}

const PICTURE = new Picture({ id: 100, name: 'Ada', type: 'webcam', index: 0 });

describe('the embedded receiver', () => {
  it('counts pictures of each camera and screen, and keeps none', () =>
    withFolder(async (dir) => {
      const noHeader = PICTURE.at(0).subarray(0, 20);
      const receiver = await receive({ dir }, [
        frame({ relative: 0 }),
        picture(0, 'webcam'),
        picture(0.5, 'webcam'),
        picture(0.5, 'webcam'),
        picture(0.5, 'screenshare'),
        picture(1, 'screenshare', noHeader),
      ]);
      const [recording] = receiver.stats().recordings;
      const common = { id: 100, width: 640, height: 360 };
      expect(recording?.videos).toEqual([
        { ...common, type: 'webcam', pictures: 3, firstRelative: 0, lastRelative: 0.5, outOfOrder: 1 },
        { ...common, type: 'screenshare', pictures: 1, firstRelative: 0.5, lastRelative: 0.5, outOfOrder: 0 },
      ]);
      expect(receiver.problems).toMatchObject([{ code: 'invalid_png' }]);
      const folder = join(dir, `recording-${RECORDING}`);
      expect(readFileSync(join(folder, 'events.ndjson'), 'utf8').trimEnd().split('\n')).toHaveLength(1);
      expect(readdirSync(folder).filter((name) => name.endsWith('.png'))).toEqual([]);
    }));

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
    const signed = signRequest({ secret: SECRET, id: 'msg_1', timestampSeconds: now });
    expect(await dial(signed)).toBe(101);
    // Whoever has heard it on the way comes too late.
    expect(await dial(signed)).toBe(401);
    expect(await dial(signRequest({ secret: SECRET, id: 'msg_2', timestampSeconds: now }))).toBe(101);
    expect(receiver.stats().refusedUpgrades).toBe(3);
    await receiver.close();
  });

  it('tells what it got over HTTP, and closes twice without harm', async () => {
    const receiver = await startReceiver();
    const origin = `http://127.0.0.1:${receiver.port}`;
    expect(await (await fetch(`${origin}/`)).json()).toMatchObject({ messages: 0, connections_total: 0 });
    expect((await fetch(`${origin}/nothing`)).status).toBe(404);
    await Promise.all([receiver.close(), receiver.close()]);
    await expect(fetch(`${origin}/`)).rejects.toThrow();
  });

  it('counts how long frames were and what lay between them', async () => {
    const samples = new Array<number>(320).fill(1);
    const receiver = await receive({}, [
      frame({ relative: 0, samples }),
      frame({ relative: 0.02, samples }),
      frame({ relative: 0.04, samples: samples.slice(0, 160) }),
      frame({ relative: 0.1, samples }),
    ]);
    expect(receiver.stats().recordings[0]).toMatchObject({
      frames: 4,
      frameMs: [
        { ms: 20, count: 3 },
        { ms: 10, count: 1 },
      ],
      gapMs: [
        { ms: 0, count: 2 },
        { ms: 50, count: 1 },
      ],
    });
  });

  it('tells when connections and recordings begin and end', async () => {
    const told: string[] = [];
    await receive(
      { onProgress: ({ kind }) => told.push(kind) },
      [frame({ relative: 0 })],
      [frame({ relative: 1 })],
    );
    expect(told).toEqual([
      'connection_opened',
      'recording_began',
      'connection_closed',
      'recording_quiet',
      'connection_opened',
      'connection_closed',
      'recording_quiet',
    ]);
  });

  it('refuses what is nested too deep, with or without line breaks, and lives', async () => {
    const deep = (text: string): string =>
      text.replace('"extra_data":{}', `"extra_data":${'{"a":'.repeat(8_000)}1${'}'.repeat(8_000)}`);
    const receiver = await receive({}, [
      deep(frame({ relative: 0 })),
      `${deep(frame({ relative: 0 }))}\n`,
      frame({ relative: 0 }),
    ]);
    expect(receiver.stats()).toMatchObject({ messages: 3, invalid: 2 });
    expect(receiver.problems.map(({ code }) => code)).toEqual(['too_deep', 'too_deep']);
  });

  it('cleans what it says of a message: no control character comes through', async () => {
    const receiver = await receive({}, ['\u001b]0;owned\u0007{']);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
    expect(receiver.problems[0]!.message).not.toMatch(/[\u0000-\u001f]/);
  });
});

describe('the door', () => {
  const dial = async (url: string, headers: Record<string, string>): Promise<number> => {
    const socket = new WebSocket(url, { headers });
    socket.on('error', () => {});
    const status = await Promise.race([
      once(socket, 'open').then(() => 101),
      once(socket, 'unexpected-response').then(([, answer]) => answer.statusCode as number),
    ]);
    socket.terminate();
    return status;
  };
  const look = (port: number, host: string): Promise<number> =>
    new Promise((resolve, reject) => {
      get({ port, host: '127.0.0.1', headers: { host } }, (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      }).on('error', reject);
    });

  it('is closed to pages of other sites and to foreign names, and open to addresses, localhost and names that were allowed', async () => {
    const receiver = await startReceiver({ allowHosts: ['me.ngrok.app'] });
    expect(await dial(receiver.url, { origin: 'https://evil.example' })).toBe(403);
    expect(await dial(receiver.url, { origin: 'null' })).toBe(403);
    expect(await dial(receiver.url, { host: 'evil.example:4000' })).toBe(403);
    expect(await dial(receiver.url, { host: 'me.ngrok.app' })).toBe(101);
    expect(await dial(receiver.url, { host: 'me.ngrok.app', origin: 'https://me.ngrok.app' })).toBe(101);
    expect(await dial(receiver.url, { host: '192.168.1.7:4000' })).toBe(101);
    expect(await dial(receiver.url, { origin: 'http://localhost:3000' })).toBe(101);
    expect(await dial(receiver.url, {})).toBe(101);
    expect(await look(receiver.port, 'evil.example')).toBe(403);
    expect(await look(receiver.port, 'localhost')).toBe(200);
    expect(receiver.stats().refusedUpgrades).toBe(3);
    expect(receiver.problems[2]!.message).toContain('`allowHosts: evil.example`');
    await receiver.close();
  });

  it('never shows a token: not in the page, the statistics, the problems or the files', () =>
    withFolder(async (dir) => {
      const receiver = await startReceiver({ dir });
      const socket = new WebSocket(`${receiver.url}/audio/?token=hunter2&hunter2&room=hunter2`);
      await once(socket, 'open');
      socket.send(frame({ relative: 0 }));
      socket.send('{');
      await until(() => receiver.stats().messages === 2);
      const page = await (await fetch(`http://127.0.0.1:${receiver.port}/`)).text();
      socket.close();
      await once(socket, 'close');
      await receiver.close();
      const [connection] = receiver.stats().connections;
      expect(connection!.url).toBe('/audio/?token=***&***&room=***');
      const files = readdirSync(join(dir, `recording-${RECORDING}`)).map((name) =>
        readFileSync(join(dir, `recording-${RECORDING}`, name), 'utf8'),
      );
      expect([page, JSON.stringify(receiver.problems), ...files].join('\n')).not.toContain('hunter2');
    }));
});

describe('the end of a receiver', () => {
  /** A client that upgrades by hand and then says nothing more: it never answers a close frame. */
  const silentClient = async (port: number): Promise<Socket> => {
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => {});
    socket.write(
      'GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n',
    );
    await once(socket, 'data');
    return socket;
  };

  it('waits for nobody who hangs, lets nobody in meanwhile, and may be asked for twice', async () => {
    const receiver = await startReceiver();
    const silent = await silentClient(receiver.port);
    const nothing = connect(receiver.port, '127.0.0.1');
    const late = connect(receiver.port, '127.0.0.1');
    for (const socket of [nothing, late]) socket.on('error', () => {});
    await Promise.all([once(nothing, 'connect'), once(late, 'connect')]);
    // Both must have reached the server's side before it stops to accept.
    await until(() => receiver.stats().connectionsOpen === 1);
    await fetch(`http://127.0.0.1:${receiver.port}/`);
    const gone = Promise.all([silent, nothing].map((socket) => once(socket, 'close')));
    const closed = receiver.close();
    // A connection that was there before asks to upgrade only now.
    late.write(
      'GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n',
    );
    const [answer] = await once(late, 'data');
    expect(String(answer)).toMatch(/^HTTP\/1\.1 503/);
    await Promise.all([closed, receiver.close(), gone]);
    expect(receiver.stats()).toMatchObject({ connectionsTotal: 1, connectionsOpen: 0 });
  });

  it('comes at once under a signal that was aborted before', async () => {
    const receiver = await startReceiver({ signal: AbortSignal.abort() });
    await expect(fetch(`http://127.0.0.1:${receiver.port}/`)).rejects.toThrow();
  });

  it('does not wait for a TLS handshake that never comes', async () => {
    const { private: key, cert } = await generate([{ name: 'commonName', value: 'localhost' }]);
    const receiver = await startReceiver({ tls: { key, cert } });
    const mute = connect(receiver.port, '127.0.0.1');
    mute.on('error', () => {});
    await once(mute, 'connect');
    await Promise.all([receiver.close(), once(mute, 'close')]);
  });
});
