/** The page of the room at `/`, and the way in: the token of its URL becomes a cookie. */
import { readFile } from 'node:fs/promises';
import type { Hono } from 'hono';
import { packageFile } from '../../../package-files.ts';
import { clientUrl } from '../../api/client-url.ts';
import type { RequestContext, RequestEnv } from '../../api/request-env.ts';
import { refused } from '../../bot/refusal.ts';
import { type RoomKeys, visitCookie } from './keys.ts';

/** Built from web/. */
const PAGE = packageFile('dist/web/room.html');

const HEADERS = {
  'Content-Type': 'text/html; charset=utf-8',
  'Cache-Control': 'no-store',
  // What a page cannot say of itself; all else is in it.
  'Content-Security-Policy': "frame-ancestors 'none'",
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Resource-Policy': 'same-origin',
};

export interface RoomPageOptions {
  readonly keys: RoomKeys;
  readonly publicUrl: string | undefined;
  readonly allowedHosts: readonly string[];
}

export function serveRoom(app: Hono<RequestEnv>, options: RoomPageOptions): void {
  app.get('/', async (context) => {
    const token = context.req.query('token');
    if (token !== undefined) return enter(context, token, options);
    let page: string;
    try {
      page = await readFile(PAGE, 'utf8');
    } catch {
      throw refused(404, 'no_page', 'The page of the room has not been built: run "npm run build".');
    }
    return new Response(page, { headers: HEADERS });
  });
}

/** Whether it has been right or not, the token leaves the address bar. Without a visit the page asks for the key. */
function enter(context: RequestContext, token: string, options: RoomPageOptions): Response {
  const visit = options.keys.enter(token);
  const { protocol, host } = clientUrl(context, options);
  return new Response(null, {
    status: 303,
    headers: {
      Location: '/',
      'Cache-Control': 'no-store',
      'Referrer-Policy': 'no-referrer',
      ...(visit !== undefined && {
        'Set-Cookie': visitCookie(visit, context.req.header('host') ?? host, protocol === 'https:'),
      }),
    },
  });
}
