/** What the log says of a request that was refused: why, in one line, without any token. */
import { parseJson } from '../../json.ts';
import { plainText } from '../../plain-text.ts';

const MAX_REASON = 200;

/** The first reason in the body of an answer. Reads the body: give it a clone. */
export async function reasonOf(response: Response): Promise<string> {
  const text = await response.text();
  if (text === '') return '';
  const parsed = parseJson(text);
  return firstReason(parsed.ok ? parsed.value : text);
}

/** The same of an answer that has been read: JSON, or the text of a page. */
export function firstReason(answer: unknown): string {
  const reason =
    typeof answer === 'string' ? /<(?:title|Message)>([^<]*)</.exec(answer)?.[1] : reasonAt(answer, '');
  // Messages quote URLs, and tokens ride in their queries.
  return plainText((reason ?? '').replaceAll(/\?[^\s"']*/g, '?…'), MAX_REASON);
}

/** `recording_config.realtime_endpoints[0].url: Enter a valid URL.`; `detail` speaks for itself. */
function reasonAt(value: unknown, path: string): string | undefined {
  if (typeof value === 'string') return path === '' || path === 'detail' ? value : `${path}: ${value}`;
  if (typeof value !== 'object' || value === null) return undefined;
  if (Array.isArray(value)) {
    // A list of messages has the field's path, a list of objects has its index.
    for (const [index, item] of value.entries()) {
      const found = reasonAt(item, typeof item === 'string' ? path : `${path}[${index}]`);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  const { detail } = value as { detail?: unknown };
  if (typeof detail === 'string') return path === '' ? detail : `${path}: ${detail}`;
  for (const [key, item] of Object.entries(value)) {
    const found = reasonAt(item, path === '' ? key : `${path}.${key}`);
    if (found !== undefined) return found;
  }
  return undefined;
}
