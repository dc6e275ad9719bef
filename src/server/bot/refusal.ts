/** How a request is refused. Thrown by whatever finds that it cannot be done; made HTTP of in one place (`api/respond.ts`). */

/** An answer other than the one that was asked for: a mistake of the client's, or something that cannot be now. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly status: number;
  /** As JSON; a text is a page. */
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}) {
    super(detailOf(body) ?? `HTTP ${status}`);
    this.status = status;
    this.body = body;
    this.headers = headers;
  }
}

/** The usual shape: a code for programs and a sentence for people. */
export function refused(status: number, code: string, detail: string): Refusal {
  return new Refusal(status, { code, detail });
}

export function notFound(detail = 'Not found.'): Refusal {
  return new Refusal(404, { detail });
}

/** Ids named in an error. */
const MAX_NAMED = 20;

/** `known`: those who are in the meeting, or were. */
export function unknownParticipant(id: number, known: readonly { readonly id: number }[]): Refusal {
  const ids = known.slice(0, MAX_NAMED).map((each) => each.id);
  const more = known.length > MAX_NAMED ? ` and ${known.length - MAX_NAMED} more` : '';
  const names = `${ids.join(', ')}${more}`;
  return refused(404, 'unknown_participant', `There is no participant ${id}. The participants are ${names}.`);
}

/** Of a command to a bot that waits for its `join_at` ("Errors"). */
export function unstartedBot(): Refusal {
  const detail = 'Cannot send a command to a bot which has not been started.';
  return refused(400, 'cannot_command_unstarted_bot', detail);
}

/** Of a command to a bot that is done, or of an earlier process ("Errors"). */
export function completedBot(): Refusal {
  return refused(400, 'cannot_command_completed_bot', 'Cannot send a command to a bot which has completed.');
}

function detailOf(body: unknown): string | undefined {
  const detail = (body as { readonly detail?: unknown } | null | undefined)?.detail;
  return typeof detail === 'string' ? detail : undefined;
}
