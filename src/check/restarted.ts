/** When a receiver that somebody else starts has been started anew. */
import net from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { filledUrl } from './place.ts';
import { addressOf, listens, untilListening } from './witnesses/listening.ts';

const POLL_MS = 100;

/**
 * Resolves with true when nobody listened at the URL for a moment and somebody does again, with false on an abort. Holds one TCP
 * connection meanwhile: to ask again and again would fill the receiver's log.
 */
export async function untilRestarted(
  url: string,
  { signal, onGone }: { readonly signal: AbortSignal; readonly onGone?: () => void },
): Promise<boolean> {
  const target = filledUrl(url);
  const pause = (): Promise<void> => wait(POLL_MS, undefined, { signal }).catch(() => {});
  await untilClosed(target, signal);
  // A receiver that closes an idle connection is still there, and gets another one.
  while (!signal.aborted && (await listens(target))) {
    await pause();
    await untilClosed(target, signal);
  }
  if (!signal.aborted) onGone?.();
  return (await untilListening(target, { giveUp: () => signal.aborted })) && !signal.aborted;
}

/** Resolves when it is over: closed or refused. */
async function untilClosed(url: string, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  const socket = net.connect(addressOf(url));
  const end = (): void => void socket.destroy();
  signal.addEventListener('abort', end, { once: true });
  await new Promise<void>((resolve) => {
    socket.on('error', () => {});
    socket.on('close', () => resolve());
    socket.resume();
  });
  signal.removeEventListener('abort', end);
}
