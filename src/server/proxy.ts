/**
 * A forward proxy for apps that name Recall's hosts: CONNECT, and nothing else. What goes to Recall's API comes to us; everything
 * else goes where it went, untouched: we see names and ports of it, and no more.
 */
import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import type { Duplex } from 'node:stream';
import { refusalOf } from '../files.ts';
import { plainText } from '../plain-text.ts';
import { isRecallHost } from '../protocol/regions.ts';
import type { ActivityLog } from './store/activity.ts';

/** Wall milliseconds until whoever is called has taken the call. */
const DIAL_TIMEOUT_MS = 30_000;

export interface ProxyOptions {
  /** Our port that speaks TLS. */
  readonly tlsPort: number;
  /** The proxy through which everything else went so far. */
  readonly upstream: URL | undefined;
  /** Whether anything else may be dialled. */
  mayDial(url: string): boolean;
  readonly activity: ActivityLog;
}

interface Address {
  readonly host: string;
  readonly port: number;
}

/** The other end of a tunnel, and what it has said already. */
interface Far {
  readonly socket: Duplex;
  readonly head: Buffer;
}

/** Lets a server answer CONNECT. Gives back what ends all its tunnels. */
export function answerConnect(server: http.Server, options: ProxyOptions): () => void {
  const tunnels = new Set<net.Socket>();
  server.on('connect', (request: http.IncomingMessage, duplex: Duplex, head: Buffer) => {
    const near = duplex as net.Socket;
    tunnels.add(near);
    near.on('close', () => tunnels.delete(near));
    // A client that goes away is no news; what it called is let go below.
    near.on('error', () => {});
    open(request.url ?? '', options).then(
      (far) => join(near, head, far),
      (error: Error) => {
        const why = plainText(error.message);
        options.activity.add('warning', `proxy: ${why}`);
        near.end(
          `HTTP/1.1 ${error instanceof Refused ? error.status : 502} ${reason(error)}\r\n\r\n${why}\n`,
        );
      },
    );
  });
  return () => {
    for (const near of tunnels) near.destroy();
  };
}

/** A call that is not put through. */
class Refused extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

function reason(error: Error): string {
  return (error instanceof Refused && http.STATUS_CODES[error.status]) || 'Bad Gateway';
}

async function open(authority: string, options: ProxyOptions): Promise<Far> {
  const address = addressOf(authority);
  if (address === undefined) throw new Refused(400, `"${plainText(authority, 100)}" is no host and port.`);
  if (isRecallHost(address.host)) return dial({ host: '127.0.0.1', port: options.tlsPort });
  if (!options.mayDial(`https://${authority}`))
    throw new Refused(403, `${plainText(authority, 100)} is not allowed: name it with \`allowTargets\`.`);
  return options.upstream === undefined ? dial(address) : dialThrough(options.upstream, authority);
}

/** Of `example.com:443` or `[::1]:443`. */
function addressOf(authority: string): Address | undefined {
  const match = /^(?:\[([\da-f:.]+)\]|([^\s:/@[\]]+)):(\d{1,5})$/i.exec(authority);
  if (match === null) return undefined;
  const port = Number(match[3]);
  return port >= 1 && port <= 65_535 ? { host: (match[1] ?? match[2])!, port } : undefined;
}

function dial({ host, port }: Address): Promise<Far> {
  return new Promise((resolve, reject) => {
    const socket = net.connect({ host, port });
    socket.setTimeout(DIAL_TIMEOUT_MS, () =>
      socket.destroy(new Error(`no answer in ${DIAL_TIMEOUT_MS / 1_000} s`)),
    );
    socket.once('connect', () => {
      socket.setTimeout(0);
      resolve({ socket, head: Buffer.alloc(0) });
    });
    socket.once('error', (error) =>
      reject(new Error(`${host}:${port} cannot be reached: ${refusalOf(error) ?? error.message}`)),
    );
  });
}

/** By the proxy that there is already, with the user and password of its URL. */
function dialThrough(upstream: URL, authority: string): Promise<Far> {
  const { protocol, username, password, host } = upstream;
  const user = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return new Promise((resolve, reject) => {
    const request = (protocol === 'https:' ? https : http).request({
      host: upstream.hostname.replace(/^\[|\]$/g, ''),
      port: upstream.port === '' ? (protocol === 'https:' ? 443 : 80) : Number(upstream.port),
      method: 'CONNECT',
      path: authority,
      agent: false,
      timeout: DIAL_TIMEOUT_MS,
      headers: {
        Host: authority,
        ...(username !== '' && { 'Proxy-Authorization': `Basic ${Buffer.from(user).toString('base64')}` }),
      },
    });
    const fail = (why: string): void => {
      request.destroy();
      reject(new Error(`${authority} cannot be reached by the proxy ${host}: ${why}`));
    };
    request.once('connect', ({ statusCode }, socket: Duplex, head: Buffer) => {
      if (statusCode === 200) resolve({ socket, head });
      else fail(`it answered ${statusCode}`);
    });
    request.once('response', ({ statusCode }) => fail(`it answered ${statusCode}`));
    request.once('timeout', () => fail(`no answer in ${DIAL_TIMEOUT_MS / 1_000} s`));
    request.once('error', (error) => fail(refusalOf(error) ?? error.message));
    request.end();
  });
}

/** Both ways, until either end goes. What the far end said before it went is told to the last byte. */
function join(near: net.Socket, head: Buffer, far: Far): void {
  const { socket } = far;
  socket.on('error', () => near.destroy());
  socket.on('close', () => near.destroySoon());
  near.on('close', () => socket.destroy());
  if (near.destroyed) {
    socket.destroy();
    return;
  }
  near.write('HTTP/1.1 200 Connection Established\r\n\r\n');
  if (far.head.length > 0) near.write(far.head);
  if (head.length > 0) socket.write(head);
  near.pipe(socket);
  socket.pipe(near);
}
