/** The one place in which answers become HTTP: those of operations, and of whatever was thrown instead of one. */
import { HTTPException } from 'hono/http-exception';
import { EmulatorError } from '../../errors.ts';
import { Refusal } from '../bot/refusal.ts';
import type { ActivityLog } from '../store/activity.ts';
import { diskFailure } from '../store/disk-errors.ts';

interface Answer {
  readonly status: number;
  /** As JSON; a text is a page. Undefined for none. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What answers say, for whoever keeps it: to read a body twice costs as much as all the rest of a request. */
const texts = new WeakMap<Response, string>();

/** The body of an answer that is still to be sent. */
export async function textOf(response: Response): Promise<string> {
  return texts.get(response) ?? (await response.clone().text());
}

export function respond({ status, body, headers = {} }: Answer): Response {
  if (body === undefined) return new Response(null, { status, headers });
  if (typeof body === 'string')
    return new Response(body, { status, headers: { 'Content-Type': 'text/html', ...headers } });
  const text = JSON.stringify(body);
  const response = new Response(text, {
    status,
    headers: { 'Content-Type': 'application/json', ...headers },
  });
  texts.set(response, text);
  return response;
}

/** Answers a mistake of the client's, or something that the machine refuses. Rethrows anything else: it is a defect. */
export function respondToError(error: unknown): Response {
  if (error instanceof Refusal) return respond(error);
  if (error instanceof HTTPException)
    return respond({ status: error.status, body: { detail: error.message } });
  if (error instanceof EmulatorError) {
    const detail = `${error.message} ${error.hint ?? ''}`.trim();
    return respond({ status: 400, body: { code: error.code, detail } });
  }
  // A full table of open files is no defect, and it passes.
  const failure = diskFailure(error);
  if (failure !== undefined)
    return respond({ status: 503, body: { code: failure.code, detail: failure.text } });
  throw error;
}

/** The same for any error: a defect is a 500, and the log has its stack. */
export function respondAnyway(error: Error, activity: ActivityLog): Response {
  try {
    return respondToError(error);
  } catch {
    activity.add('warning', `defect: ${error.stack ?? error.message}`);
    return respond({
      status: 500,
      body: { detail: 'Internal error of recall-emulator; its log has more.' },
    });
  }
}
