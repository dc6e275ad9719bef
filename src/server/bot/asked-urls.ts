/** The URLs of an app's WebSockets, before anything is dialled. */
import { z } from 'zod';
import { plainText } from '../../plain-text.ts';
import type { CreateBot, UpdateBot } from '../../protocol/rest/bot-requests.ts';
import { validationErrors } from '../../protocol/rest/validation-errors.ts';
import { slashWarning } from '../../target.ts';
import { Refusal } from './refusal.ts';

interface AskedUrlProblem {
  /** Of the field in the request. */
  readonly path: readonly (string | number)[];
  readonly text: string;
}

/**
 * "You must include a trailing `/` before any query parameters, or your request fails with HTTP 400" ("Real-Time Websocket
 * Endpoints", 2026). Whether the real API says so here or at the dial is not known.
 */
function askedUrlProblems({ recording_config }: CreateBot | UpdateBot): readonly AskedUrlProblem[] {
  return (recording_config?.realtime_endpoints ?? []).flatMap(({ type, url }, index) => {
    const warning = type === 'websocket' ? slashWarning(url) : undefined;
    if (warning === undefined) return [];
    return [{ path: ['recording_config', 'realtime_endpoints', index, 'url'], text: plainText(warning) }];
  });
}

/** Throws a `Refusal` (400) that names the field; without `isStrict` it is told. */
export function checkAskedUrls(
  request: CreateBot | UpdateBot,
  isStrict: boolean,
  tell: (text: string) => void,
): void {
  for (const { path, text } of askedUrlProblems(request)) {
    if (!isStrict) {
      tell(text);
      continue;
    }
    const issue = { code: 'custom' as const, path: [...path], message: `${text}.`, input: undefined };
    throw new Refusal(400, validationErrors(new z.ZodError([issue]), request));
  }
}
