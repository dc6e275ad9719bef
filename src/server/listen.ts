/**
 * Where the mock listens: a port, the same with TLS, or a port that is a proxy too. Knows nothing of what is served there.
 */
import type http from 'node:http';
import https from 'node:https';
import { type AddressInfo, isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import { createAdaptorServer } from '@hono/node-server';
import { mayDial } from '../guard.ts';
import { RECALL_HOSTS } from '../protocol/regions.ts';
import type { KeyedCertificate } from './authority.ts';
import { SERVER_DEFAULTS } from './defaults.ts';
import { isAnyAddress, type ServerOptions } from './options.ts';
import { answerConnect } from './proxy.ts';
import type { ActivityLog } from './store/activity.ts';
import { diskFailure } from './store/disk-errors.ts';

/** What clients need beside the address when it is `https` or there is a proxy. */
export interface SecureDoor {
  /** `https://127.0.0.1:41234`: where TLS is spoken, also for Recall's hosts. */
  readonly url: string;
  /** The file of the certificate that clients have to trust. */
  readonly caFile: string;
}

export interface Listening {
  /** `http://127.0.0.1:8787`, or `https://…` when that was asked for. */
  readonly url: string;
  readonly secure: SecureDoor | undefined;
  /** Ends what is open, and stops listening. */
  close(): Promise<void>;
}

type Fetch = (request: Request) => Response | Promise<Response>;
/** What takes WebSockets. */
interface Door {
  onUpgrade(request: http.IncomingMessage, socket: Duplex, head: Buffer): void;
  close(): void;
}

const LOOPBACK = '127.0.0.1';

/** Listens. Rejects with the system's error for a port that is taken, and as `openAuthority` does. */
export async function listen(
  options: ServerOptions,
  fetch: Fetch,
  door: Door,
  activity: ActivityLog,
): Promise<Listening> {
  const createServer = (certificate?: KeyedCertificate): http.Server =>
    serverOf(fetch, certificate).on('upgrade', door.onUpgrade);
  const closed = (server: http.Server): Promise<void> => {
    door.close();
    return serverClosed(server);
  };
  const host = options.host ?? SERVER_DEFAULTS.host;
  const port = options.port ?? SERVER_DEFAULTS.port;
  if (options.https !== true && options.proxy !== true) {
    const server = await bound(createServer(), { host, port }, activity);
    return { url: urlOf('http', host, server), secure: undefined, close: () => closed(server) };
  }
  const { openAuthority } = await import('./authority.ts');
  const authority = await openAuthority(options.caDir);
  const certificate = await authority.issue(namesOf(options));
  if (options.https === true) {
    const server = await bound(createServer(certificate), { host, port }, activity);
    const url = urlOf('https', host, server);
    return { url, secure: { url, caFile: authority.file }, close: () => closed(server) };
  }
  const tls = await bound(createServer(certificate), { host: LOOPBACK, port: 0 }, activity);
  try {
    const server = createServer();
    const endTunnels = answerConnect(server, {
      tlsPort: portOf(tls),
      upstream: options.upstreamProxy === undefined ? undefined : new URL(options.upstreamProxy),
      mayDial: (url) => mayDial(url, options.allowTargets),
      activity,
    });
    await bound(server, { host, port }, activity);
    return {
      url: urlOf('http', host, server),
      secure: { url: urlOf('https', LOOPBACK, tls), caFile: authority.file },
      close: async () => {
        endTunnels();
        await Promise.all([closed(server), closed(tls)]);
      },
    };
  } catch (error) {
    await closed(tls);
    throw error;
  }
}

/** With a certificate it speaks TLS. */
function serverOf(fetch: Fetch, certificate?: KeyedCertificate): http.Server {
  const tls = certificate && { createServer: https.createServer, serverOptions: certificate };
  return createAdaptorServer({ fetch, ...tls }) as http.Server;
}

/** Names and addresses by which clients may call us with TLS: the authority cannot vouch for other names. */
function namesOf({ host = LOOPBACK }: ServerOptions): string[] {
  const own = isIP(host) === 0 || isAnyAddress(host) ? [] : [host];
  return [...new Set(['localhost', LOOPBACK, '::1', ...RECALL_HOSTS, ...own])];
}

async function bound<Server extends http.Server>(
  server: Server,
  { host, port }: { readonly host: string; readonly port: number },
  activity: ActivityLog,
): Promise<Server> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  // Clients that cannot be accepted, for want of descriptors, are turned away; those that are here are served on.
  server.on('error', (error) =>
    activity.warnOnce(`a client could not be accepted: ${diskFailure(error)?.text ?? error.message}`),
  );
  return server;
}

function portOf(server: http.Server): number {
  return (server.address() as AddressInfo).port;
}

function urlOf(scheme: string, host: string, server: http.Server): string {
  const shown = isAnyAddress(host) ? LOOPBACK : host.includes(':') ? `[${host}]` : host;
  return `${scheme}://${shown}:${portOf(server)}`;
}

function serverClosed(server: http.Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    // Those who still listen to server-sent events would wait for ever.
    server.closeAllConnections();
  });
}
