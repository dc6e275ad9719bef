/** What the page asks of the control API. What goes wrong is said where the page says such things. */
import { signal } from '@preact/signals';

export interface Answer {
  readonly ok: boolean;
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: whoever asks knows what is answered
  readonly body: any;
}

export interface Notice {
  readonly tone: 'error' | 'done';
  readonly text: string;
}

/** What came of the last thing that was done. */
export const notice = signal<Notice | undefined>(undefined);

export async function ask(method: string, path: string, body?: unknown): Promise<Answer> {
  try {
    const response = await fetch(`/_emulator${path}`, {
      method,
      headers: body === undefined ? {} : { 'Content-Type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { ok: response.ok, status: response.status, body: jsonOf(text) };
  } catch {
    return { ok: false, status: 0, body: { detail: 'The server does not answer.' } };
  }
}

/** The same, and a notice when it does not work. Returns whether it has. */
export async function act(method: string, path: string, body?: unknown, done?: string): Promise<Answer> {
  const answer = await ask(method, path, body);
  if (!answer.ok) notice.value = { tone: 'error', text: reasonOf(answer) };
  else if (done !== undefined) notice.value = { tone: 'done', text: done };
  return answer;
}

function jsonOf(text: string): unknown {
  try {
    return text === '' ? null : JSON.parse(text);
  } catch {
    return text;
  }
}

/** Every reason in an answer, with the field it is about. */
export function reasonOf({ status, body }: Answer): string {
  const reasons = reasonsIn(body, '');
  return reasons.length === 0 ? `HTTP ${status}` : reasons.join(' ');
}

function reasonsIn(value: unknown, path: string): string[] {
  if (typeof value === 'string') return [path === '' || path === 'detail' ? value : `${path}: ${value}`];
  if (typeof value !== 'object' || value === null) return [];
  const { detail } = value as { detail?: unknown };
  if (typeof detail === 'string') return [detail];
  return Object.entries(value).flatMap(([key, each]) =>
    key === 'code' ? [] : reasonsIn(each, Array.isArray(value) ? path : path === '' ? key : `${path}.${key}`),
  );
}
