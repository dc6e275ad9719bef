/** What an import asks Recall's API for: JSON with the key, and downloads without it. Everything has a bound. */
import type { z } from 'zod';
import { EmulatorError } from '../errors.ts';
import { plainText } from '../plain-text.ts';

const TIMEOUT_MS = 300_000;
const MAX_JSON_BYTES = 64 * 1024 * 1024;
/** Nine hours of one participant. */
const MAX_AUDIO_BYTES = 1024 * 1024 * 1024;

export class RecallClient {
  readonly #baseUrl: string;
  readonly #apiKey: string;

  constructor(baseUrl: string, apiKey: string) {
    this.#baseUrl = baseUrl.replace(/\/+$/, '');
    this.#apiKey = apiKey;
  }

  /** `path` begins with `/api/`. Throws an `EmulatorError` (`import_failed`), as the others do. */
  async get<Schema extends z.ZodType>(path: string, schema: Schema): Promise<z.infer<Schema>> {
    const headers = { Authorization: `Token ${this.#apiKey}` };
    return checked(path, await bytesOf(path, `${this.#baseUrl}${path}`, MAX_JSON_BYTES, headers), schema);
  }

  /** A JSON document behind a download URL, which has its own credentials. `what` names it in errors. */
  async document<Schema extends z.ZodType>(
    what: string,
    url: string,
    schema: Schema,
  ): Promise<z.infer<Schema>> {
    return checked(what, await bytesOf(what, url, MAX_JSON_BYTES), schema);
  }

  audio(what: string, url: string): Promise<Buffer> {
    return bytesOf(what, url, MAX_AUDIO_BYTES);
  }
}

function failed(what: string, why: string, hint: string): EmulatorError {
  return new EmulatorError('import_failed', `${plainText(what)}: ${plainText(why)}.`, { hint });
}

async function bytesOf(
  what: string,
  url: string,
  maxBytes: number,
  headers: Readonly<Record<string, string>> = {},
): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  try {
    // A redirect would take the key elsewhere.
    const response = await fetch(url, {
      headers,
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (!response.ok) {
      await response.body?.cancel();
      throw failed(what, `HTTP ${response.status}`, hintOf(response.status));
    }
    for await (const chunk of response.body ?? []) {
      bytes += chunk.length;
      if (bytes > maxBytes) throw failed(what, `more than ${maxBytes} bytes`, 'It cannot be imported.');
      chunks.push(chunk);
    }
  } catch (error) {
    if (error instanceof EmulatorError) throw error;
    const { message, cause } = error as Error;
    throw failed(what, cause instanceof Error ? cause.message || message : message, 'Try again.');
  }
  return Buffer.concat(chunks);
}

function hintOf(status: number): string {
  if (status === 401 || status === 403)
    return 'Give the API key of the workspace and the region that have the bot.';
  return status === 404 ? 'Look at the id and the region: each region has its own bots.' : 'Try again later.';
}

function checked<Schema extends z.ZodType>(what: string, bytes: Buffer, schema: Schema): z.infer<Schema> {
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString());
  } catch {
    throw failed(what, 'the answer is no JSON', "Look whether it is Recall's API that answers there.");
  }
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw failed(
    what,
    `${issue?.path.map(String).join('.')}: ${issue?.message}`,
    'It has another shape than is known.',
  );
}
