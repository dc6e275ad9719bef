/** A client behind a proxy, as the libraries are: CONNECT first, then what it came for. */
import { type IncomingMessage, request } from 'node:http';
import { request as secureRequest } from 'node:https';
import type { Socket } from 'node:net';
import { connect as dialTls } from 'node:tls';

/** Asks a proxy for `authority`. The socket is undefined when it does not put us through. */
export function tunnel(
  proxy: string,
  authority: string,
): Promise<{ status: number; said: string; socket: Socket | undefined }> {
  const { hostname, port } = new URL(proxy);
  return new Promise((resolve, reject) => {
    const call = request({ host: hostname, port, method: 'CONNECT', path: authority, agent: false });
    call.once('connect', (response: IncomingMessage, socket: Socket, head: Buffer) => {
      const status = response.statusCode!;
      if (status === 200) {
        if (head.length > 0) socket.unshift(head);
        return resolve({ status, said: '', socket });
      }
      let said = head.toString();
      socket.on('data', (chunk) => {
        said += chunk;
      });
      socket.on('close', () => resolve({ status, said, socket: undefined }));
    });
    call.once('error', reject);
    call.end();
  });
}

/** A GET through a tunnel, with TLS. Rejects for a certificate that `ca` does not vouch for. */
export async function getThrough(
  proxy: string,
  url: string,
  ca: string | undefined,
): Promise<{ status: number; text: string }> {
  const { hostname, port, href } = new URL(url);
  const { status, socket } = await tunnel(proxy, `${hostname}:${port || 443}`);
  if (socket === undefined) throw new Error(`the proxy answered ${status}`);
  return new Promise((resolve, reject) => {
    const call = secureRequest(href, {
      headers: { Authorization: 'Token key' },
      createConnection: () => dialTls({ socket, servername: hostname, ...(ca !== undefined && { ca }) }),
    });
    call.once('error', reject);
    call.once('response', (response) => {
      let text = '';
      response.on('data', (chunk) => {
        text += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode!, text }));
    });
    call.end();
  });
}
