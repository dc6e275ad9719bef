/** Everything that happens, as server-sent events (WHATWG HTML, "Server-sent events"), to one client at its own pace. */
import type { Activity, ActivityLog } from '../store/activity.ts';

/** What may wait for a client that does not read. More ends its stream: it can come back and go on from the last it read. */
const MAX_WAITING_BYTES = 4 * 1024 * 1024;

/** Ids are counted up: this is none of ours, so there is nothing to go on from. */
const NO_ID = 0;

/** `lastEventId` is the header by which a client that comes back says what it read last. */
export function eventStream(log: ActivityLog, lastEventId: string | undefined): Response {
  const encoder = new TextEncoder();
  let stop = (): void => {};
  const body = new ReadableStream<Uint8Array>(
    {
      start(controller) {
        const send = (activity: Activity): void => {
          if ((controller.desiredSize ?? 0) < 0) {
            stop();
            controller.error(new Error('the client does not read'));
            return;
          }
          const { kind, number } = activity;
          controller.enqueue(
            encoder.encode(`event: ${kind}\nid: ${number}\ndata: ${JSON.stringify(activity)}\n\n`),
          );
        };
        stop = () => log.events.off('activity', send);
        const after = numberOf(lastEventId, log.recent().at(-1)?.number ?? NO_ID);
        for (const activity of log.recent()) if (activity.number > after) send(activity);
        log.events.on('activity', send);
      },
      cancel: () => stop(),
    },
    new ByteLengthQueuingStrategy({ highWaterMark: MAX_WAITING_BYTES }),
  );
  return new Response(body, {
    headers: {
      'Content-Type': 'text/event-stream',
      'Cache-Control': 'no-cache',
      // Without it the server waits whether the answer is a short one.
      'Transfer-Encoding': 'chunked',
    },
  });
}

/** A number that has not been given yet is of an earlier process: everything that is kept is new to that client. */
function numberOf(lastEventId: string | undefined, last: number): number {
  if (lastEventId === undefined || !/^\d{1,15}$/.test(lastEventId)) return NO_ID;
  return Number(lastEventId) > last ? NO_ID : Number(lastEventId);
}
