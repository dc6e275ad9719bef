/**
 * Where the server dials: the URLs that apps ask for, and what stands in their place. Every URL is read by `parseTarget`, here
 * once at the start and again for each endpoint, so that what is dialled is always something that can be.
 */

import { UsageError } from '../errors.ts';
import { isLoopback, mapTarget } from '../guard.ts';
import { plainText } from '../plain-text.ts';
import { parseTarget, type TargetKind } from '../target.ts';

/** URL beginnings and what is dialled in their place, both as `parseTarget` writes them. */
export type TargetMap = Readonly<Record<string, string>>;

/**
 * The pairs of `mapTargets`. Throws a `UsageError` for a URL that cannot be dialled (`invalid_url`) and for a pair that
 * changes the kind of endpoint, or has a query (`invalid_map_target`).
 */
export function readTargetMap(pairs: TargetMap): TargetMap {
  return Object.fromEntries(
    Object.entries(pairs).map(([from, to]) => {
      const kind = kindOf(from);
      const urls = [
        readUrl(from, kind, 'mapped URL (`mapTargets`)'),
        readReplacement(from, to, kind),
      ] as const;
      if (urls.some((url) => new URL(url).search !== '')) {
        throw new UsageError('invalid_map_target', `The mapping of ${plainText(from, 200)} has a query.`, {
          hint: "Map beginnings of URLs, such as wss://my.ngrok.app: an endpoint's own query is kept.",
        });
      }
      return urls;
    }),
  );
}

/** What is dialled in place of what an app asked for. */
export interface Replacements {
  readonly map: TargetMap;
  /** Of the app, on this machine: for what is not mapped and names another machine. */
  readonly appPort: number | undefined;
}

/** The URL to dial for one that an app asked for. It has passed `parseTarget` at the door. */
export function targetOf(url: string, { map, appPort }: Replacements): string {
  const asked = readUrl(url, kindOf(url), 'URL of the endpoint');
  const mapped = mapTarget(asked, map);
  return mapped === asked && appPort !== undefined ? atApp(asked, appPort) : mapped;
}

/** The same path on this machine, where the app speaks no TLS: what ends its public name's does. */
function atApp(url: string, port: number): string {
  const { protocol, hostname, pathname, search } = new URL(url);
  if (isLoopback(hostname)) return url;
  return `${protocol.replace('s:', ':')}//127.0.0.1:${port}${pathname}${search}`;
}

function kindOf(url: string): TargetKind {
  return /^\s*https?:/i.test(url) ? 'webhook' : 'websocket';
}

function readReplacement(from: string, to: string, kind: TargetKind): string {
  if (parseTarget(to, kind === 'webhook' ? 'websocket' : 'webhook').ok) {
    throw new UsageError(
      'invalid_map_target',
      `${plainText(from, 200)} cannot be mapped to ${plainText(to, 200)}: one is for webhooks, the other for WebSockets.`,
      { hint: 'Map ws and wss to ws or wss, http and https to http or https.' },
    );
  }
  return readUrl(to, kind, 'URL to dial instead (`mapTargets`)');
}

function readUrl(text: string, kind: TargetKind, what: string): string {
  const result = parseTarget(text, kind);
  if (result.ok) return result.url;
  const { code, message, hint } = result.problem;
  throw new UsageError(code, `The ${what} cannot be used: ${message}`, { hint });
}
