import type { IncomingMessage } from 'node:http';
import type { WebSocket } from 'ws';
import { type Audio, keyOf, Receiver } from '../receiver.ts';
import type { Mistake } from './mistake.ts';

/** Nobody's audio is kept any more when this says so. */
class Ending extends Receiver {
  readonly ended = new Set<string>();

  override keep(audio: Audio): void {
    if (!this.ended.has(keyOf(audio))) super.keep(audio);
  }
}

export const CONNECTIONS: readonly Mistake[] = [
  {
    what: 'lets two connections of a recording in at a time',
    costs: ['connections.one_per_participant'],
    // In these three are there at once, too: faster than life the first may be over when the last is let in.
    mayCost: ['basic.three_at_once', 'mute.one_of_three', 'load.sixteen_participants'],
    says: /takes 2 connections at a time|1013/,
    receiver: class extends Receiver {
      override onAudio(audio: Audio, socket: WebSocket): void {
        super.onAudio(audio, socket);
        const people = [...this.carried.values()].flatMap((keys) => (keys.size === 1 ? [...keys] : []));
        if (new Set(people.filter((key) => key.startsWith(audio.recording))).size > 2) socket.close(1013);
      }
    },
  },
  {
    what: 'has room for two people on a connection',
    costs: ['connections.one_for_all'],
    says: /no file of Chlo/,
    receiver: class extends Receiver {
      override onAudio(audio: Audio, socket: WebSocket): void {
        const people = this.carried.get(socket)!;
        if (people.size < 2 || people.has(keyOf(audio))) super.onAudio(audio, socket);
      }
    },
  },
  {
    what: 'waits a second for the close of a connection before it takes its successor',
    // Nobody has told of the end of the first one.
    costs: ['connections.second_while_open', 'network.half_open'],
    mayCost: ['connections.replaced_late_close'],
    says: /missing|only/,
    receiver: class extends Receiver {
      readonly since = new Map<WebSocket, number>();

      override onAudio(audio: Audio, socket: WebSocket): void {
        const begun = this.since.get(socket) ?? audio.relative;
        this.since.set(socket, begun);
        const isSecond = this.othersOf(audio, socket).some((other) => this.since.get(other)! < begun);
        if (!isSecond || audio.relative < begun + 1) super.onAudio(audio, socket);
      }
    },
  },
  {
    what: 'ends a participant at the late close of an old connection',
    costs: ['connections.replaced_late_close'],
    // Faster than life, somebody is back before the close of the connection before has arrived.
    mayCost: ['mute.ten_toggles', 'mute.short_unmute'],
    says: /missing|truncated|ends/,
    receiver: class extends Ending {
      override onClose(socket: WebSocket, code: number): void {
        if (code !== 1000) return;
        for (const [other, keys] of this.carried)
          if (other !== socket)
            for (const key of keys) if (this.carried.get(socket)!.has(key)) this.ended.add(key);
      }
    },
  },
  {
    what: 'ends a participant when their connection is lost',
    // The longer loss is one, too, and so is a reset.
    costs: ['connections.lost_and_back', 'connections.lost_for_long', 'network.reset'],
    says: /missing|truncated|ends/,
    receiver: class extends Ending {
      override onClose(socket: WebSocket, code: number): void {
        if (code === 1006) for (const key of this.carried.get(socket)!) this.ended.add(key);
      }
    },
  },
  {
    what: 'ends a participant of whom nothing came for 1.2 s of the meeting',
    // Of whoever is muted nothing comes, either.
    costs: ['connections.lost_for_long', 'mute.off_and_on', 'mute.all_muted', 'mute.all_muted_for_a_minute'],
    // What is lost comes back later on a busy machine.
    mayCost: ['connections.lost_and_back', 'network.half_open', 'network.reset'],
    says: /missing|truncated|ends/,
    receiver: class extends Ending {
      readonly last = new Map<string, number>();

      override keep(audio: Audio): void {
        const key = keyOf(audio);
        if (audio.relative - (this.last.get(key) ?? audio.relative) > 1.3) this.ended.add(key);
        this.last.set(key, audio.relative);
        super.keep(audio);
      }
    },
  },
  {
    what: 'keeps the participants of all recordings that are open by their ids alone',
    costs: ['connections.two_bots'],
    says: /no file|missing|sent/,
    receiver: class extends Receiver {
      readonly owners = new Map<number, string>();

      override keep(audio: Audio): void {
        const recording = this.owners.get(audio.id) ?? audio.recording;
        this.owners.set(audio.id, recording);
        super.keep({ ...audio, recording });
      }

      override onClose(socket: WebSocket): void {
        for (const [id, recording] of this.owners)
          if (this.carried.get(socket)!.has(keyOf({ id, recording }))) this.owners.delete(id);
      }
    },
  },
  {
    what: 'takes no recording that begins after another has ended',
    // In these a meeting comes after another one, too.
    costs: ['connections.same_url_again', 'auth.signed', 'auth.replayed'],
    says: /no file/,
    receiver: class extends Receiver {
      readonly known = new Set<string>();
      hasEnded = false;

      override keep(audio: Audio): void {
        if (!this.hasEnded) this.known.add(audio.recording);
        if (this.known.has(audio.recording)) super.keep(audio);
      }

      override onClose(_socket: WebSocket, code: number): void {
        if (code === 1000 && this.carried.size === 1) this.hasEnded = this.known.size > 0;
      }
    },
  },
  {
    what: 'does not answer pings',
    costs: ['connections.ping_answered'],
    says: /none of our pings was answered/,
    receiver: class extends Receiver {
      override readonly options = { autoPong: false };
    },
  },
  {
    what: 'sends no pings',
    costs: ['connections.kept_alive'],
    says: /sent no ping over connection #1/,
    verdict: 'warn',
    receiver: class extends Receiver {
      override pings = 2 ** 30;
    },
  },
  {
    what: 'does not answer a close',
    costs: ['connections.close_answered'],
    says: /did not answer our close frame/,
    alone: true,
    receiver: class extends Receiver {
      override onConnection(socket: WebSocket, request: IncomingMessage): void {
        super.onConnection(socket, request);
        // A close frame of a client with a code, and no reason, is the end of what it sends.
        request.socket.prependListener('data', (bytes: Buffer) => {
          if (bytes.at(-8) === 0x88) request.socket.destroy();
        });
      }
    },
  },
];
