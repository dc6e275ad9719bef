/** How a probe is read: over HTTP, or by a command. Bounded in time and in size. */
import { refusalOf } from '../../files.ts';
import { plainText } from '../../plain-text.ts';
import { runShell } from './shell.ts';

/** What the receiver says of its state, or `cannot be read: …`. Never rejects. */
export type ProbeReader = () => Promise<string>;

const TIMEOUT_MS = 2_000;
const MAX_BYTES = 256 * 1024;

/** `url`: as `readTarget` gives it. */
export function readerOfUrl(url: string): ProbeReader {
  return async () => {
    try {
      const response = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(TIMEOUT_MS) });
      const text = await bodyOf(response);
      if (text === undefined) return problem(`more than ${MAX_BYTES} bytes`);
      return response.ok ? text : problem(`HTTP ${response.status}`);
    } catch (error) {
      if ((error as Error).name === 'TimeoutError') return problem(`no answer in ${TIMEOUT_MS / 1_000} s`);
      const { cause = error } = error as Error;
      return problem(refusalOf(cause) ?? (cause as Error).message);
    }
  };
}

export function readerOfCommand(command: string, env: Readonly<Record<string, string>>): ProbeReader {
  return async () => {
    const { stdout, problem: why } = await runShell(command, { env, timeoutMs: TIMEOUT_MS });
    if (why !== undefined) return problem(`the command ${why}`);
    return stdout.length > MAX_BYTES ? problem(`more than ${MAX_BYTES} bytes`) : stdout;
  };
}

/** Undefined when it is too long. */
async function bodyOf({ body }: Response): Promise<string | undefined> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of (body ?? []) as AsyncIterable<Uint8Array>) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length > MAX_BYTES) return undefined;
  }
  return text;
}

function problem(why: string): string {
  return `cannot be read: ${plainText(why, 200)}`;
}
