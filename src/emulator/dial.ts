/**
 * One dial: from a URL to an open WebSocket, or to the reason why not, told in the receiver's terms. Does not retry.
 */
import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import tls from 'node:tls';
import { type ClientOptions, WebSocket } from 'ws';

export interface DialOptions {
  readonly headers: Readonly<Record<string, string>>;
  /** Accept any certificate, such as a self-signed one. */
  readonly insecure: boolean;
  /** Take text that is not UTF-8, too. */
  readonly tolerateInvalidFrames: boolean;
  readonly handshakeTimeoutMs: number;
  /** How long to wait for the receiver's close frame after ours. */
  readonly closeTimeoutMs: number;
}

/** A WebSocket being dialled, and the TCP or TLS socket under it, which frames are written to. */
export interface Dial {
  readonly webSocket: WebSocket;
  /** The socket; only meaningful once the WebSocket is open. */
  socket(): net.Socket;
}

/** A receiver has no business sending us more than this in one message. */
const MAX_INCOMING_BYTES = 1024 * 1024;

type ConnectOptions = net.TcpNetConnectOpts & tls.ConnectionOptions & { onSocket(socket: net.Socket): void };

/**
 * We make the socket ourselves because frames are written straight to it. An agent does it and not the option
 * `createConnection`, because test libraries that stand between requests and sockets respect the former only.
 */
class PlainAgent extends http.Agent {
  override createConnection(options: http.ClientRequestArgs): net.Socket {
    const socket = net.connect({ ...(options as ConnectOptions), path: undefined } as net.TcpNetConnectOpts);
    return handedOut(socket, options as ConnectOptions);
  }
}

class TlsAgent extends https.Agent {
  override createConnection(options: https.RequestOptions): net.Socket {
    const { host } = options;
    const servername = host == null || net.isIP(host) !== 0 ? '' : host;
    const socket = tls.connect({ ...(options as ConnectOptions), path: undefined as never, servername });
    return handedOut(socket, options as ConnectOptions);
  }
}

function handedOut(socket: net.Socket, { onSocket }: ConnectOptions): net.Socket {
  socket.setNoDelay(true);
  onSocket(socket);
  return socket;
}

const plainAgent = new PlainAgent();
const tlsAgent = new TlsAgent();

/**
 * Starts a dial. `open`, `unexpected-response`, `error` and `close` of the WebSocket tell how it ends. The URL has been read by
 * `readTarget` and the headers are valid; anything else throws.
 */
export function dial(url: string, options: DialOptions): Dial {
  let socket: net.Socket | undefined;
  const clientOptions: ClientOptions & { closeTimeout: number } & Pick<ConnectOptions, 'onSocket'> = {
    headers: { ...options.headers },
    perMessageDeflate: false,
    rejectUnauthorized: !options.insecure,
    maxPayload: MAX_INCOMING_BYTES,
    closeTimeout: options.closeTimeoutMs,
    // Pings are answered by whoever owns the WebSocket.
    autoPong: false,
    skipUTF8Validation: options.tolerateInvalidFrames,
    agent: new URL(url).protocol === 'wss:' ? tlsAgent : plainAgent,
    onSocket: (made) => {
      socket = made;
    },
  };
  const webSocket = new WebSocket(url, clientOptions);
  return {
    webSocket,
    socket() {
      if (socket === undefined) throw new Error('the WebSocket has no socket yet');
      return socket;
    },
  };
}
