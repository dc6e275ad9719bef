/** The URLs of an app's WebSockets, before anything is dialled. */
import { plainText } from '../../plain-text.ts';
import type { CreateBot, UpdateBot } from '../../protocol/rest/bot-requests.ts';
import { slashWarning } from '../../target.ts';

export interface AskedUrlProblem {
  /** Of the field in the request. */
  readonly path: readonly (string | number)[];
  readonly text: string;
}

/**
 * "You must include a trailing `/` before any query parameters, or your request fails with HTTP 400" ("Real-Time Websocket
 * Endpoints", 2026). Whether the real API says so here or at the dial is not known.
 */
export function askedUrlProblems({ recording_config }: CreateBot | UpdateBot): readonly AskedUrlProblem[] {
  return (recording_config?.realtime_endpoints ?? []).flatMap(({ type, url }, index) => {
    const warning = type === 'websocket' ? slashWarning(url) : undefined;
    if (warning === undefined) return [];
    return [{ path: ['recording_config', 'realtime_endpoints', index, 'url'], text: plainText(warning) }];
  });
}
