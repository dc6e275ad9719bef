/** Who may talk to us: host names, origins and API keys. */
import { createHash, timingSafeEqual } from 'node:crypto';
import { isIP } from 'node:net';

const LOOPBACK_NAMES = ['localhost', '127.0.0.1', '[::1]', '::1'];

export function isLoopback(host: string): boolean {
  return LOOPBACK_NAMES.includes(host.toLowerCase()) || /^127\.\d+\.\d+\.\d+$/.test(host);
}

/** Equal or not, in a time that does not tell where they differ. */
export function equalSecrets(a: string, b: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}

/**
 * Whether a request was meant for us. A page of some other site can resolve its name to 127.0.0.1 (DNS rebinding), but its
 * requests still say its name.
 */
export function isOurHost(hostHeader: string | undefined, allowed: readonly string[]): boolean {
  const host = hostName(hostHeader);
  if (host === undefined) return false;
  return isLoopback(host) || allowed.some((each) => each.toLowerCase() === host);
}

/** Whether a request comes from a page of this machine, of an allowed host, or from no page at all. */
export function isOurOrigin(origin: string | undefined, allowed: readonly string[]): boolean {
  if (origin === undefined) return true;
  return URL.canParse(origin) && isOurHost(new URL(origin).host, allowed);
}

/**
 * The same for what only a page of the very server may ask. `own` is the origin that was asked for: a page on another port of
 * this machine is a stranger. Allowed hosts are ours on any port.
 */
export function isOwnOrigin(origin: string | undefined, own: string, allowed: readonly string[]): boolean {
  if (origin === undefined) return true;
  if (!URL.canParse(origin)) return false;
  const { hostname } = new URL(origin);
  return (
    origin.toLowerCase() === own.toLowerCase() || allowed.some((each) => each.toLowerCase() === hostname)
  );
}

/** The key of an `Authorization` header: behind `Token`, or bare as the vendor's samples send it. `Bearer` has none. */
export function apiKeyOf(authorization: string | undefined): string | undefined {
  if (isBearer(authorization)) return undefined;
  const key = (authorization ?? '')
    .trim()
    .replace(/^Token\s+/i, '')
    .trim();
  return key === '' || /^Token$/i.test(key) ? undefined : key;
}

/** The scheme that most APIs have, and Recall's has not. */
export function isBearer(authorization: string | undefined): boolean {
  return /^\s*Bearer(\s|$)/i.test(authorization ?? '');
}

/** What stands behind `Bearer`: empty without it. */
export function bearerOf(authorization: string | undefined): string {
  return isBearer(authorization) ? authorization!.trim().slice('Bearer'.length).trim() : '';
}

/**
 * Whether a URL may be dialled: anything while only this machine can ask for it, else only the hosts that were named. An
 * API that dials whatever it is told is a door into the network it stands in.
 */
export function mayDial(url: string, allowedTargets: readonly string[] | undefined): boolean {
  if (allowedTargets === undefined || allowedTargets.includes('*')) return true;
  if (!URL.canParse(url)) return false;
  const { hostname, host } = new URL(url);
  return allowedTargets.some((each) => {
    const target = each.toLowerCase();
    if (target.startsWith('*.') && isIP(hostname) === 0) return hostname.endsWith(target.slice(1));
    return target === hostname || target === host;
  });
}

/** The URL to dial in place of one that begins with a mapped one; path and query stay. */
export function mapTarget(url: string, targets: Readonly<Record<string, string>>): string {
  for (const [from, to] of Object.entries(targets)) {
    const prefix = from.replace(/\/$/, '');
    const rest = url.slice(prefix.length);
    // A prefix ends where a part of the URL does: `wss://a.example` is not the beginning of `wss://a.example.org`.
    if (url.startsWith(prefix) && /^([/?]|$)/.test(rest)) return `${to.replace(/\/$/, '')}${rest}`;
  }
  return url;
}

/** The host of a `Host` header, without its port. */
function hostName(header: string | undefined): string | undefined {
  if (header === undefined || !URL.canParse(`http://${header}`)) return undefined;
  return new URL(`http://${header}`).hostname.toLowerCase();
}
