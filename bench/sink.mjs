/**
 * A receiver that cannot be the limit: answers the upgrade, then only walks over the frames' headers and counts.
 * Tells per connection how many messages came, and when the first and the last.
 */
import { createHash } from 'node:crypto';
import { createServer } from 'node:net';
import { performance } from 'node:perf_hooks';

const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
const OPCODE_CLOSE = 8;
const OPCODE_PING = 9;
const EMPTY_PONG = Buffer.from([0x8a, 0]);
let connections = [];

const server = createServer((socket) => {
  const connection = { frames: 0, firstMs: 0, lastMs: 0 };
  connections.push(connection);
  let handshake = '';
  let open = false;
  /** Bytes of the current frame still to pass. */
  let skip = 0;
  let header = Buffer.alloc(0);
  socket.setNoDelay(true);
  socket.on('error', () => {});
  socket.on('data', (chunk) => {
    if (!open) {
      handshake += chunk.toString('latin1');
      if (!handshake.includes('\r\n\r\n')) return;
      const key = /sec-websocket-key: *(\S+)/i.exec(handshake)?.[1] ?? '';
      const accept = createHash('sha1')
        .update(key + GUID)
        .digest('base64');
      socket.write(
        `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
      );
      open = true;
      return;
    }
    let at = 0;
    while (at < chunk.length) {
      if (skip > 0) {
        const passed = Math.min(skip, chunk.length - at);
        skip -= passed;
        at += passed;
        continue;
      }
      // A header that is split over two chunks is put together; rare, so it may cost.
      const rest = header.length === 0 ? chunk.subarray(at) : Buffer.concat([header, chunk.subarray(at)]);
      const short = rest[1] & 0x7f;
      const headerBytes = 2 + (short === 126 ? 2 : short === 127 ? 8 : 0) + 4;
      if (rest.length < headerBytes) {
        header = Buffer.from(rest);
        return;
      }
      at += headerBytes - header.length;
      header = Buffer.alloc(0);
      skip = short === 126 ? rest.readUInt16BE(2) : short === 127 ? Number(rest.readBigUInt64BE(2)) : short;
      if ((rest[0] & 0x0f) === OPCODE_CLOSE) {
        socket.end(Buffer.from([0x88, 2, 0x03, 0xe8]));
        return;
      }
      if ((rest[0] & 0x0f) === OPCODE_PING) {
        socket.write(EMPTY_PONG);
        continue;
      }
      connection.frames++;
      connection.lastMs = performance.now();
      if (connection.frames === 1) connection.firstMs = connection.lastMs;
    }
  });
});
server.listen({ port: 0, host: '127.0.0.1', backlog: 4_096 }, () =>
  process.send({ port: server.address().port }),
);

process.on('message', (message) => {
  if (message === 'reset') connections = [];
  else process.send(connections);
});
