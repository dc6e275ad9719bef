/** Where the meetings of a case are played, and with what. */
import { readTarget, redactTarget } from '../target.ts';

export interface Place {
  /** With `{bot_id}` and `{n}` still in it. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly secret: string | undefined;
  readonly insecure: boolean;
  readonly tolerateInvalidFrames: boolean;
  readonly botMetadata: Readonly<Record<string, string>>;
}

/** What stands for the braces in a URL: for receivers that know each meeting by a path or a token of its own. */
export interface UrlFields {
  readonly botId: string;
  /** 1, 2, 3… over all meetings. */
  readonly number: number;
}

const ANY: UrlFields = { botId: '00000000-0000-4000-8000-000000000000', number: 1 };

/** The URL to dial. Throws a `UsageError` (`invalid_url`). */
export function filledUrl(url: string, { botId, number }: UrlFields = ANY): string {
  return readTarget(url.replaceAll('{bot_id}', botId).replaceAll('{n}', String(number)), 'websocket');
}

/** For reports: without what is secret, and with its braces. */
export function shownUrl(url: string): string {
  return redactTarget(url).replaceAll(/%7B(bot_id|n)%7D/gi, '{$1}');
}
