/** One operation of the REST API: its route, what it takes and answers, and what it does. Knows of HTTP no more than a status. */
import type { z } from 'zod';
import type { EventBots } from '../bot/calendar-bots.ts';
import type { Calendars } from '../bot/calendars.ts';
import type { Workspace } from '../bot/workspace.ts';
import type { Query } from './lists.ts';
import type { Serializer } from './serialize.ts';

export interface OperationRequest<Body = unknown> {
  readonly workspace: Workspace;
  readonly calendars: Calendars;
  readonly eventBots: EventBots;
  readonly params: Readonly<Record<string, string>>;
  readonly query: Query;
  /** Validated when the operation has a schema for it. */
  readonly body: Body;
  /** As the client sees it: links in the answer begin with it. */
  readonly url: URL;
  readonly serializer: Serializer;
}

export interface OperationAnswer {
  readonly status: number;
  readonly body?: unknown;
}

interface Description {
  /** Such as `create_bot`: what `--answer` names. */
  readonly id: string;
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** With parameters in braces, and the trailing slash that clients may leave out. */
  readonly path: string;
  /** The same as older pages of the documentation write it. */
  readonly olderPath?: string;
  readonly tag: string;
  readonly summary: string;
  readonly query?: readonly string[];
  /** Values that a query parameter may have. */
  readonly choices?: Readonly<Record<string, readonly string[]>>;
  /** Schema of the body by status; undefined for none. */
  readonly answers: Readonly<Record<number, z.ZodType | undefined>>;
}

export interface Operation extends Description {
  readonly body?: z.ZodType | undefined;
  /** Throws a `Refusal`. */
  handle(request: OperationRequest): OperationAnswer | Promise<OperationAnswer>;
}

/** Gives `handle` the type of the body. */
export function operation<Schema extends z.ZodType>(
  definition: Description & {
    readonly body?: Schema | undefined;
    handle(request: OperationRequest<z.infer<Schema>>): OperationAnswer | Promise<OperationAnswer>;
  },
): Operation {
  return definition;
}
