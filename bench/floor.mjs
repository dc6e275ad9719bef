/** What the floors share: a frame that is made already, the upgrade of a bare socket, and percentiles. */
import { once } from 'node:events';

/** So that sockets are served in between. */
export const FRAMES_A_TURN = 512;

/** A text as a whole masked WebSocket frame, with a mask of zeros (RFC 6455 §5.2). */
export function frameOf(text) {
  const payload = Buffer.from(text);
  const header = Buffer.from([0x81, 0x80 | 126, payload.length >> 8, payload.length & 0xff, 0, 0, 0, 0]);
  return Buffer.concat([header, payload]);
}

/** Resolves with the socket when it has been upgraded. */
export async function upgrade(socket) {
  await once(socket, 'connect');
  socket.write(
    'GET / HTTP/1.1\r\nHost: sink\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n',
  );
  await once(socket, 'data');
  return socket;
}

/** Of milliseconds; sorts them. */
export function percentiles(values) {
  values.sort();
  const at = (share) => values[Math.min(values.length - 1, Math.floor(values.length * share))];
  return { p50: at(0.5), p99: at(0.99), max: at(1) };
}
