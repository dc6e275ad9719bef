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

/** Starts a dial. `open`, `unexpected-response`, `error` and `close` of the WebSocket tell how it ends. */
export function dial(url: string, options: DialOptions): Dial {
  let socket: net.Socket | undefined;
  const clientOptions: ClientOptions & { closeTimeout: number } & Pick<ConnectOptions, 'onSocket'> = {
    headers: { ...options.headers },
    perMessageDeflate: false,
    rejectUnauthorized: !options.insecure,
    maxPayload: MAX_INCOMING_BYTES,
    closeTimeout: options.closeTimeoutMs,
    agent: url.startsWith('wss:') ? tlsAgent : plainAgent,
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

/** What an HTTP answer other than 101 means to whoever wrote the receiver. */
export function describeResponse(
  status: number,
  statusText: string | undefined,
  location: string | undefined,
): string {
  const answer = `receiver answered the upgrade with HTTP ${status}${statusText ? ` ${statusText}` : ''}`;
  if (status >= 300 && status < 400) {
    return `${answer}${location === undefined ? '' : ` to ${location}`}: redirects are not followed; give the final URL`;
  }
  if (status === 401 || status === 403) return `${answer}: check the token in the URL, --header or --secret`;
  if (status === 404) return `${answer}: no WebSocket endpoint at this path`;
  if (status >= 500) return `${answer}: it failed while handling the upgrade`;
  return `${answer} instead of 101 Switching Protocols`;
}

/** What an error of the socket or the WebSocket means to whoever wrote the receiver. */
export function describeError(
  error: Error & { code?: string },
  url: string,
  phase: 'upgrade' | 'open',
): string {
  const host = new URL(url).host;
  const code = error.code ?? firstCode(error) ?? '';
  switch (code) {
    case 'ECONNREFUSED':
      return `receiver refused the connection at ${host} (ECONNREFUSED): is it running, and on this port?`;
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `receiver's host name ${new URL(url).hostname} was not found (${code}): check the URL`;
    case 'ECONNRESET':
    case 'EPIPE':
      return phase === 'upgrade'
        ? `receiver destroyed the connection during the upgrade (${code})`
        : `receiver destroyed the connection without a close frame (${code})`;
    case 'ETIMEDOUT':
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return `receiver at ${host} cannot be reached (${code})`;
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
    case 'SELF_SIGNED_CERT_IN_CHAIN':
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
      return `receiver's TLS certificate is not trusted (${code}): use --insecure for a self-signed one`;
    case 'CERT_HAS_EXPIRED':
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return `receiver's TLS certificate is not valid for ${host} (${code}): fix it or use --insecure`;
  }
  if (code.startsWith('WS_ERR_')) {
    return `receiver sent invalid WebSocket frames (${error.message}); --tolerate-invalid-frames ignores what it sends`;
  }
  if (code.startsWith('ERR_SSL') || code.startsWith('ERR_TLS') || code === 'EPROTO') {
    return `TLS handshake with ${host} failed (${code}): does the receiver speak TLS on this port?`;
  }
  if (code.startsWith('HPE_') || error.message.startsWith('Parse Error')) {
    return `receiver's answer to the upgrade is not HTTP (${error.message}): is it a WebSocket server?`;
  }
  if (error.message === 'socket hang up') return 'receiver hung up during the upgrade without an answer';
  return `${error.message}${code === '' ? '' : ` (${code})`}`;
}

/** Node puts the errors of several addresses of one host into an AggregateError. */
function firstCode(error: Error): string | undefined {
  if (!(error instanceof AggregateError)) return undefined;
  return (error.errors as (Error & { code?: string })[]).find((each) => each.code !== undefined)?.code;
}
