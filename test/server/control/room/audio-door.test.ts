import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { startReceiver } from '../../../../src/receiver/receiver.ts';
import { botWith, type Client, LONG, NO_DELAYS, withServer } from '../../../support/mock.ts';
import { until } from '../../../support/until.ts';

const OPTIONS = { speed: 1, scenario: LONG, delays: NO_DELAYS } as const;

/** The answer of a door that does not open. */
function refusal(url: string, headers: Record<string, string> = {}): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, { headers });
    socket.on('unexpected-response', (request, { statusCode = 0 }) => {
      request.destroy();
      resolve(statusCode);
    });
    socket.on('error', () => {});
    socket.on('open', () => reject(new Error('it is open')));
  });
}

interface Line {
  // biome-ignore lint/suspicious/noExplicitAny: what is told is what tests look into
  readonly told: any[];
  readonly frames: Buffer[];
  say(command: unknown): void;
  send(pcm: Int16Array, stamp: number): void;
  readonly socket: WebSocket;
}

async function lineTo({ url }: Client, botId: string): Promise<Line> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/_emulator/audio?bot=${botId}`);
  const line: Line = {
    told: [],
    frames: [],
    socket,
    say: (command) => socket.send(JSON.stringify(command)),
    send(pcm, stamp) {
      const bytes = Buffer.alloc(8 + pcm.length * 2);
      bytes.writeDoubleLE(stamp, 0);
      for (const [index, sample] of pcm.entries()) bytes.writeInt16LE(sample, 8 + index * 2);
      socket.send(bytes);
    },
  };
  socket.on('message', (data: Buffer, isBinary) => {
    if (isBinary) line.frames.push(data);
    else line.told.push(JSON.parse(data.toString()));
  });
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  return line;
}

async function recordingBot(client: Client, url: string): Promise<string> {
  const bot = await client.bot(botWith(url));
  await client.until(bot, 'in_call_recording');
  return bot;
}

describe('the door for audio', () => {
  it('is closed to strangers, and where nothing records', () =>
    withServer({ ...OPTIONS, apiKey: 'test' }, async (client) => {
      const bot = await recordingBot(client, 'ws://127.0.0.1:1/');
      const door = `${client.url.replace('http', 'ws')}/_emulator/audio?bot=${bot}`;
      expect(await refusal(door)).toBe(401);
      expect(await refusal(door, { Authorization: 'Token wrong' })).toBe(401);
      expect(await refusal(`${door}&key=test`, { Origin: 'http://127.0.0.1:1' })).toBe(403);
      expect(await refusal(`${door}&key=test`, { Host: 'evil.example' })).toBe(421);
      expect(await refusal(`${door.replace(bot, 'none')}&key=test`)).toBe(409);
      expect(await refusal(`${client.url.replace('http', 'ws')}/api/v1/bot/`)).toBe(404);
    }));

  it('brings what is heard, and nothing else', () =>
    withServer(OPTIONS, async (client) => {
      const bot = await recordingBot(client, 'ws://127.0.0.1:1/');
      const line = await lineTo(client, bot);
      line.say({ hear: 200 });
      await client.post(`/_emulator/bots/${bot}/participants/200/unmute`);
      await until(() => line.frames.length > 2, 'frames of Bo');
      line.say({ hear: 100 });
      await until(() => line.frames.some((frame) => frame.readUInt32LE(0) === 0), 'frames of Ada');
      const bo = line.frames.filter((frame) => frame.readUInt32LE(0) === 1);
      expect(bo.every((frame) => frame.length === 8 + 3_200)).toBe(true);
      expect(bo[1]!.readUInt32LE(4) - bo[0]!.readUInt32LE(4)).toBe(1_600);
      line.socket.terminate();
    }));

  it('takes a microphone, mutes it, and lets it leave with the page', async () => {
    const heard: string[] = [];
    const receiver = await startReceiver({
      port: 0,
      onEvent: (event) => {
        if (event.event === 'audio_separate_raw.data' && event.data.data.participant.name === 'Eve')
          heard.push(event.data.data.buffer);
      },
    });
    try {
      await withServer(OPTIONS, async (client) => {
        const bot = await recordingBot(client, `${receiver.url}/`);
        const line = await lineTo(client, bot);
        line.say({ join: { name: 'Eve' } });
        await until(() => line.told.some(({ you }) => you?.id === 300 && you.muted), 'Eve, muted');
        line.say({ mute: false });
        await until(() => line.told.some(({ you }) => you?.muted === false), 'Eve, unmuted');
        let packets = 0;
        await until(() => {
          line.send(new Int16Array(320).fill(7_777), packets++);
          return heard.some((buffer) => Buffer.from(buffer, 'base64').includes(Buffer.from([0x61, 0x1e])));
        }, 'her samples at the receiver');
        expect(line.told.some(({ sent }) => typeof sent === 'number')).toBe(true);
        line.say({ mute: true });
        await until(() => line.told.at(-1)?.you?.muted === true, 'Eve, muted again');
        line.socket.close();
        await until(async () => {
          const { body } = await client.get(`/_emulator/bots/${bot}`);
          return body.participants[2].present === false;
        }, 'Eve, gone');
      });
    } finally {
      await receiver.close();
    }
  });

  it('says what cannot be, and stays open', () =>
    withServer({ ...OPTIONS, speed: 2 }, async (client) => {
      const bot = await recordingBot(client, 'ws://127.0.0.1:1/');
      const line = await lineTo(client, bot);
      line.say({ join: { name: 'Eve' } });
      await until(
        () => line.told.some(({ error }) => error?.code === 'not_real_time'),
        'that time is another',
      );
      line.socket.send('{"no": "command"}');
      await until(
        () => line.told.some(({ error }) => error?.detail === 'No such command.'),
        'another refusal',
      );
      line.socket.send(Buffer.alloc(3));
      line.say({ hear: 'mix' });
      await until(() => line.frames.length > 0, 'audio all the same');
      line.socket.terminate();
    }));

  it('brings what the bot says, also where it is not recorded', () =>
    withServer(OPTIONS, async (client) => {
      const bot = await recordingBot(client, 'ws://127.0.0.1:1/');
      const line = await lineTo(client, bot);
      line.say({ hear: 'bot' });
      // Commands are taken in turn: what is told of this one comes when the first has been taken.
      line.say({ join: { name: 'Eve' } });
      await until(() => line.told.some(({ you }) => you?.id === 300), 'Eve');
      const b64_data = readFileSync('test/check/oracle/samples/ada.mp3').toString('base64');
      await client.post(`/api/v1/bot/${bot}/output_audio/`, { kind: 'mp3', b64_data });
      await until(() => line.frames.length > 0, 'what the bot says');
      expect(line.frames[0]!.readUInt32LE(0)).toBe(0xffff_ffff);
      line.socket.terminate();
    }));

  it('is closed with the server, whoever listens', async () => {
    let closed: Promise<unknown> = Promise.resolve();
    await withServer(OPTIONS, async (client) => {
      const bot = await recordingBot(client, 'ws://127.0.0.1:1/');
      const { socket } = await lineTo(client, bot);
      closed = new Promise((resolve) => socket.once('close', resolve));
    });
    await closed;
  });
});
