/** Whether somebody accepts TCP connections where a URL leads, and waiting until somebody does, or nobody does any more. */
import net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

export interface WaitOptions {
  /** Default: for ever. */
  readonly waitMs?: number;
  /** Asked after each look: there is no point in waiting any more. */
  readonly giveUp?: () => boolean;
}

const POLL_MS = 40;
/** A host that does not answer is none that listens. */
const ANSWER_MS = 1_000;

/** Resolves with true when somebody listens, with false when the time is up or it was given up. */
export function untilListening(url: string, options: WaitOptions): Promise<boolean> {
  return until(async () => listens(url), options);
}

/** Resolves with true when nobody listens any more, with false when the time is up or it was given up. */
export function untilNobodyListens(url: string, options: WaitOptions): Promise<boolean> {
  return until(async () => !(await listens(url)), options);
}

/** Looks once at least. */
async function until(
  isSo: () => Promise<boolean>,
  { waitMs = Number.POSITIVE_INFINITY, giveUp = () => false }: WaitOptions,
): Promise<boolean> {
  const untilMs = performance.now() + waitMs;
  while (!(await isSo())) {
    if (giveUp() || performance.now() >= untilMs) return false;
    await sleep(POLL_MS);
  }
  return true;
}

/** Now. */
export function listens(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect(addressOf(url));
    const end = (answer: boolean): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(ANSWER_MS, () => end(false));
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
  });
}

/** Where a URL is dialled. */
export function addressOf(url: string): { readonly host: string; readonly port: number } {
  const { hostname, port, protocol } = new URL(url);
  return {
    host: hostname.replace(/^\[|\]$/g, ''),
    port: port === '' ? (protocol === 'wss:' ? 443 : 80) : Number(port),
  };
}
