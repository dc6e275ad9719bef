/**
 * The one WebSocket of a page, `/_emulator/audio?bot=ID`: what is heard goes out as PCM, what its microphone captures comes in, and
 * commands go as JSON. Asked by upgrade, past the routes: so keys, hosts and origins are looked at here once more.
 */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { z } from 'zod';
import { EmulatorError } from '../../../errors.ts';
import { isOurHost, isOwnOrigin } from '../../../guard.ts';
import { parseJson } from '../../../json.ts';
import type { Bot } from '../../bot/bot.ts';
import type { BotOutputs } from '../../bot/bot-outputs.ts';
import { Refusal } from '../../bot/refusal.ts';
import { type Scope, type ScopeOptions, scopeOf, wholeScope } from '../scope.ts';
import { type RoomKeys, visitOf } from './keys.ts';
import { Listener } from './listener.ts';
import { Speaker } from './speaker.ts';

const AUDIO_PATH = '/_emulator/audio';

const MAX_PAYLOAD_BYTES = 64 * 1024;
/** Beyond it a page that does not read hears gaps. */
const MAX_BACKLOG_BYTES = 1024 * 1024;
const MAX_PAGES = 64;
/** A stamp, then samples. */
const STAMP_BYTES = 8;
/** Wall milliseconds between two looks at who is still there, and at what became of the microphone. */
const LOOK_MS = 250;

const commandSchema = z.union([
  z.strictObject({ hear: z.union([z.enum(['nothing', 'mix', 'bot']), z.int()]) }),
  z.strictObject({ join: z.strictObject({ name: z.string().max(1_000) }) }),
  z.strictObject({ mute: z.boolean() }),
  z.strictObject({ leave: z.literal(true) }),
]);

export interface AudioDoorOptions extends ScopeOptions {
  readonly keys: RoomKeys;
  /** Names by which we are called, beside those of this machine. */
  readonly servedHosts: readonly string[];
  /** Names under which pages of ours may be. */
  readonly allowedHosts: readonly string[];
  /** 1 where a microphone can be as fast as the meeting. */
  readonly speed: number | 'max';
}

export interface AudioDoor {
  /** Takes an upgrade. Whoever may not come in, or asks for something else, is answered by HTTP. */
  onUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Ends all that have come in. */
  close(): void;
}

export function audioDoor(options: AudioDoorOptions): AudioDoor {
  const server = new WebSocketServer({ noServer: true, maxPayload: MAX_PAYLOAD_BYTES, clientTracking: true });
  const onUpgrade: AudioDoor['onUpgrade'] = (request, socket, head) => {
    socket.on('error', () => {});
    try {
      const asked = botAskedFor(request, options);
      if (server.clients.size >= MAX_PAGES)
        throw new Refusal(503, { detail: `${MAX_PAGES} pages listen already.` });
      server.handleUpgrade(request, socket, head, (webSocket) => {
        new Visit(webSocket, asked, options).begin();
      });
    } catch (error) {
      const { status, body } =
        error instanceof Refusal ? error : new Refusal(400, { detail: 'Bad request.' });
      const text = JSON.stringify(body);
      socket.end(
        `HTTP/1.1 ${status} Refused\r\nConnection: close\r\nContent-Type: application/json\r\n` +
          `Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`,
      );
    }
  };
  return {
    onUpgrade,
    close() {
      for (const client of server.clients) client.terminate();
    },
  };
}

interface Asked {
  readonly bot: Bot;
  readonly outputs: BotOutputs;
}

/** Throws a `Refusal`. */
function botAskedFor({ url = '', headers }: IncomingMessage, options: AudioDoorOptions): Asked {
  const { pathname, searchParams } = new URL(url, 'http://localhost');
  const host = headers.host ?? '';
  if (!isOurHost(host, options.servedHosts))
    throw new Refusal(421, { detail: 'This host name is not served here.' });
  if (pathname !== AUDIO_PATH) throw new Refusal(404, { detail: 'Not found.' });
  const own = [`http://${host}`, `https://${host}`];
  if (!own.some((each) => isOwnOrigin(headers.origin, each, options.allowedHosts)))
    throw new Refusal(403, { detail: 'Pages of other origins may not use the control API.' });
  const { workspaces } = scopeOfUpgrade(headers, searchParams, host, options);
  for (const { workspace } of workspaces) {
    const bot = workspace.bot(searchParams.get('bot') ?? '');
    if (bot?.meeting !== undefined) return { bot, outputs: workspace.context.outputs };
  }
  throw new Refusal(409, { detail: 'There is no such bot that records.' });
}

function scopeOfUpgrade(
  { authorization, cookie }: IncomingMessage['headers'],
  query: URLSearchParams,
  host: string,
  options: AudioDoorOptions,
): Scope {
  if (options.keys.knows(visitOf(cookie, host))) return wholeScope(options.server);
  return scopeOf(authorization, query.get('key') ?? undefined, options);
}

/** One page, while it is there. */
class Visit {
  readonly #webSocket: WebSocket;
  readonly #bot: Bot;
  readonly #meeting: NonNullable<Bot['meeting']>;
  readonly #options: AudioDoorOptions;
  readonly #listener: Listener;
  #speaker: Speaker | undefined;
  #told = '';
  #cancel = (): void => {};

  constructor(webSocket: WebSocket, { bot, outputs }: Asked, options: AudioDoorOptions) {
    this.#webSocket = webSocket;
    this.#bot = bot;
    this.#meeting = bot.meeting!;
    this.#options = options;
    this.#listener = new Listener(this.#meeting, bot.record.id, outputs, (bytes) => {
      if (webSocket.bufferedAmount < MAX_BACKLOG_BYTES) webSocket.send(bytes);
    });
  }

  begin(): void {
    const webSocket = this.#webSocket;
    webSocket.on('error', () => {});
    webSocket.on('message', (data: Buffer, isBinary) => {
      if (isBinary) this.#onSamples(data);
      else this.#onText(data.toString('utf8'));
    });
    webSocket.on('close', () => this.#end());
    this.#look();
  }

  /** What has become of the speaker is told when it changes: others may mute them, and the meeting ends. */
  #look(): void {
    if (this.#bot.meeting !== this.#meeting) {
      this.#webSocket.close(1000, 'the recording is over');
      return;
    }
    this.#cancel = this.#options.server.pacer.clock.afterWall(LOOK_MS, () => this.#look());
    const speaker = this.#speaker;
    const told = JSON.stringify({
      you: speaker?.present === true ? { id: speaker.id, muted: !speaker.unmuted } : null,
    });
    if (told === this.#told) return;
    this.#told = told;
    this.#webSocket.send(told);
  }

  #onText(text: string): void {
    const parsed = parseJson(text);
    const command = commandSchema.safeParse(parsed.ok ? parsed.value : undefined);
    try {
      if (!command.success) throw new Refusal(400, { detail: 'No such command.' });
      this.#perform(command.data);
    } catch (error) {
      const { body } = error instanceof Refusal ? error : { body: { detail: messageOf(error) } };
      this.#webSocket.send(JSON.stringify({ error: body }));
    }
    this.#cancel();
    this.#look();
  }

  #perform(command: z.infer<typeof commandSchema>): void {
    if ('hear' in command) this.#listener.hear(command.hear);
    else if ('join' in command) this.#join(command.join.name);
    else if ('mute' in command) this.#speaker?.mute(command.mute);
    else {
      this.#speaker?.leave();
      this.#speaker = undefined;
    }
  }

  #join(name: string): void {
    const { speed } = this.#options;
    if (speed !== 1) {
      const detail = `A microphone comes in real time, and this server's time does not: it runs at speed ${speed}.`;
      throw new Refusal(409, { code: 'not_real_time', detail });
    }
    if (this.#speaker?.present === true)
      throw new Refusal(409, { detail: 'You are in the meeting already.' });
    this.#speaker = new Speaker(this.#meeting, name, (stamp) =>
      this.#webSocket.send(JSON.stringify({ sent: stamp })),
    );
  }

  #onSamples(data: Buffer): void {
    const samples = (data.length - STAMP_BYTES) >> 1;
    if (this.#speaker === undefined || samples <= 0) return;
    const pcm = new Int16Array(samples);
    for (let index = 0; index < samples; index++) pcm[index] = data.readInt16LE(STAMP_BYTES + index * 2);
    this.#speaker.push(pcm, data.readDoubleLE(0));
  }

  #end(): void {
    this.#cancel();
    this.#listener.end();
    if (this.#bot.meeting !== this.#meeting) return;
    try {
      this.#speaker?.leave();
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
    }
  }
}

function messageOf(error: unknown): string {
  if (error instanceof EmulatorError) return `${error.message} ${error.hint ?? ''}`.trim();
  return 'That did not work.';
}
