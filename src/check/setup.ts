/** A command that runs before each case and may say where it is to be played: for tokens and sessions that work once. */
import { z } from 'zod';
import { UsageError } from '../errors.ts';
import { parseJson } from '../json.ts';
import { plainText } from '../plain-text.ts';
import { checkHeaders } from '../target.ts';
import { filledUrl, type Place } from './place.ts';
import { runShell } from './witnesses/shell.ts';

const text = z.record(z.string(), z.string());
const setupSchema = z.strictObject({
  url: z.string().optional(),
  headers: text.optional(),
  bot_metadata: text.optional(),
});

/**
 * Runs the setup command of a case: what it prints goes before what was given. Throws a `UsageError`: `setup_failed`,
 * `setup_output`.
 */
export async function placeBySetup(
  command: string,
  place: Place,
  context: {
    readonly caseId: string;
    readonly env: Readonly<Record<string, string>>;
    readonly timeoutMs: number;
    readonly signal: AbortSignal;
  },
): Promise<Place> {
  const { caseId, env, timeoutMs, signal } = context;
  const result = await runShell(command, { env, timeoutMs, signal });
  if (signal.aborted) return place;
  const { stdout, problem, lastWords } = result;
  if (problem !== undefined) {
    throw new UsageError('setup_failed', `The setup command ${problem}, before ${caseId}.`, {
      hint: lastWords === '' ? 'Try it by itself.' : `It wrote: ${lastWords}`,
    });
  }
  if (stdout.trim() === '') return place;
  const { url, headers = {}, bot_metadata: botMetadata = {} } = readSetup(stdout);
  if (url !== undefined) filledUrl(url);
  checkHeaders(headers);
  return {
    ...place,
    url: url ?? place.url,
    headers: { ...place.headers, ...headers },
    botMetadata: { ...place.botMetadata, ...botMetadata },
  };
}

function readSetup(stdout: string): z.infer<typeof setupSchema> {
  const hint =
    'It prints one JSON object with url, headers and bot_metadata, or nothing: logs go to standard error.';
  const json = parseJson(stdout);
  if (!json.ok) {
    const shown = plainText(stdout.trim(), 100);
    throw new UsageError('setup_output', `The setup command printed no JSON: ${shown}`, { hint });
  }
  const parsed = setupSchema.safeParse(json.value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = issue!.path.length === 0 ? '' : ` (${issue!.path.join('.')})`;
  throw new UsageError(
    'setup_output',
    plainText(`What the setup command printed cannot be used${where}: ${issue!.message}.`),
    {
      hint,
    },
  );
}
