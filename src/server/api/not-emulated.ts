/**
 * Parts of Recall's API that are not emulated: a client that calls one is told so, and does not look for a bot that it
 * thinks is missing. The names are those of the API reference; what nobody knows under /api/ is answered the same way.
 */

interface Part {
  readonly name: string;
  /** Of the path, without its trailing slash. */
  readonly path: RegExp;
}

const PARTS: readonly Part[] = [
  { name: 'Calendar V1', path: /^\/api\/v1\/calendar(\/|$)/ },
  {
    name: 'An endpoint of API v1.10',
    path: /^\/api\/v1\/bot\/[^/]+\/(speaker_timeline|intelligence|analyze|logs|screenshots|chat-messages)(\/|$)/,
  },
  { name: 'Zoom OAuth', path: /^\/api\/v[12]\/zoom[_-][\w-]+(\/|$)/ },
  { name: 'Slack teams', path: /^\/api\/v[12]\/slack[_-]teams?(\/|$)/ },
  { name: 'Google logins', path: /^\/api\/v[12]\/google[_-]login[\w-]*(\/|$)/ },
];

export interface NotEmulated {
  readonly code: 'not_emulated';
  readonly detail: string;
}

/** What to answer with 501; undefined for a path outside of the API. `known`: the path is ours, and the method is not. */
export function notEmulatedRoute(method: string, pathname: string, known: boolean): NotEmulated | undefined {
  if (!/^\/api(\/|$)/.test(pathname)) return undefined;
  const path = pathname.replace(/\/+$/, '');
  const part = PARTS.find((each) => each.path.test(path));
  if (part !== undefined) {
    return {
      code: 'not_emulated',
      detail: `${part.name} (${method} ${pathname}) is a part of Recall's API that recall-emulator does not have.`,
    };
  }
  if (known) return undefined;
  return {
    code: 'not_emulated',
    detail: `recall-emulator has no ${pathname}: GET /openapi.json lists what it has. Recall's API may have it.`,
  };
}
