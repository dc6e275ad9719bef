import type { WebSocket } from 'ws';
import { SPOILED_PATHS } from '../../../../../src/emulator/spoilers.ts';
import { type Audio, Receiver } from '../receiver.ts';
import type { Mistake } from './mistake.ts';

// biome-ignore lint/suspicious/noExplicitAny: receivers take for granted what they read
type Json = any;

const COST = { says: /did not get over a message/, verdict: 'warn' } as const;

function at(message: Json, path: string): unknown {
  return path.split('.').reduce((node, key) => node?.[key], message);
}

/** Fails where this is true of a message. */
function failsAt(isWrong: (message: Json) => boolean): new () => Receiver {
  return class extends Receiver {
    override audioOf(message: Json): Audio {
      if (isWrong(message)) throw new TypeError();
      return super.audioOf(message);
    }
  };
}

export const ROBUST: readonly Mistake[] = [
  {
    ...COST,
    what: 'expects JSON',
    costs: ['robust.not_json'],
    receiver: class extends Receiver {
      override parsed(text: string): Json {
        return JSON.parse(text);
      }
    },
  },
  {
    ...COST,
    what: 'expects each field to be there',
    costs: ['robust.missing_fields'],
    receiver: failsAt((message) =>
      SPOILED_PATHS.some((path) => {
        const parent = at(message, path.split('.').slice(0, -1).join('.'));
        return (
          (path === 'data'
            ? message
            : typeof parent === 'object' && parent !== null && !Array.isArray(parent)) &&
          at(message, path) === undefined
        );
      }),
    ),
  },
  {
    ...COST,
    what: 'expects each field to be of its type',
    costs: ['robust.wrong_types'],
    receiver: failsAt(
      ({ data }) =>
        data !== undefined && ['timestamp', 'participant'].some((name) => isScalar(data?.data?.[name])),
    ),
  },
  {
    ...COST,
    what: 'expects base64',
    costs: ['robust.bad_base64'],
    receiver: failsAt(({ data }) => /[^A-Za-z0-9+/=]/.test(String(data?.data?.buffer ?? ''))),
  },
  {
    what: 'puts bytes together, and not samples',
    costs: ['robust.odd_bytes'],
    says: /./,
    verdict: 'warn',
    receiver: class extends Receiver {
      override pcmOf(buffer: unknown): Buffer {
        return buffer === 'AAAA' ? Buffer.from(buffer, 'base64') : super.pcmOf(buffer);
      }

      override startOf(_audio: Audio, before: readonly { readonly pcm: Buffer }[]): number {
        return before.reduce((sum, { pcm }) => sum + pcm.length, 0);
      }
    },
  },
  {
    ...COST,
    what: 'expects text',
    costs: ['robust.binary'],
    receiver: class extends Receiver {
      override onMessage(socket: WebSocket, data: Buffer, isBinary: boolean): void {
        if (isBinary) socket.close(1003);
        else super.onMessage(socket, data, isBinary);
      }
    },
  },
  {
    ...COST,
    what: 'takes a MiB',
    costs: ['robust.large'],
    receiver: class extends Receiver {
      override readonly options = { maxPayload: 1024 ** 2 };
    },
  },
];

function isScalar(value: unknown): boolean {
  return value !== undefined && (typeof value !== 'object' || value === null || Array.isArray(value));
}
