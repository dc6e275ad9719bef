/** Pings, so that no proxy takes a silent connection for a dead one. */
import type { WebSocket } from 'ws';

/** "Send a ping every 30 seconds" (Recall, "Real-Time Endpoints", 2026). */
const INTERVAL_MS = 30_000;

/** Whoever is connected is pinged until the timer is cleared. */
export function keepAlive(clients: ReadonlySet<WebSocket>): NodeJS.Timeout {
  return setInterval(() => {
    for (const client of clients) if (client.readyState === client.OPEN) client.ping();
  }, INTERVAL_MS).unref();
}
