/** The URL of a request as its client wrote it, whatever stands between us: links in answers begin as it does. */
import type { Context } from 'hono';
import { isOurHost } from '../../guard.ts';

export interface ClientUrlOptions {
  /** The origin by which clients reach us through something else; undefined when they reach us themselves. */
  readonly publicUrl: string | undefined;
  /** Host names beside those of this machine. */
  readonly allowedHosts: readonly string[];
}

/**
 * Without a public URL the host is in the request, and headers that anybody can write (`X-Forwarded-Host`, `X-Forwarded-Proto`) say
 * nothing. With one it is that, or the allowed host that what stands between us names in these headers.
 */
export function clientUrl({ req }: Context, { publicUrl, allowedHosts }: ClientUrlOptions): URL {
  const url = new URL(req.url);
  if (publicUrl === undefined) return url;
  const origin = new URL(publicUrl);
  const host = first(req.header('x-forwarded-host'));
  const scheme = first(req.header('x-forwarded-proto'));
  if (host !== undefined && isOurHost(host, allowedHosts)) {
    origin.port = '';
    origin.host = host;
  }
  if (scheme === 'http' || scheme === 'https') origin.protocol = scheme;
  return new URL(`${url.pathname}${url.search}`, origin);
}

/** Each proxy on the way adds its own: the first is the client's. */
function first(header: string | undefined): string | undefined {
  return header?.split(',')[0]?.trim().toLowerCase();
}
