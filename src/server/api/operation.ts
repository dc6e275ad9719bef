/** One operation of the REST API or the control API, as the table has it. */
import type { z } from 'zod';
import type { Workspace } from '../bot/workspace.ts';
import type { Query } from './lists.ts';
import type { Serializer } from './serialize.ts';

export interface OperationRequest {
  readonly workspace: Workspace;
  readonly params: Readonly<Record<string, string>>;
  readonly query: Query;
  /** Validated when the operation has a schema for it. */
  readonly body: unknown;
  /** As the client sees it: links in the answer begin with it. */
  readonly url: URL;
  readonly serializer: Serializer;
}

interface OperationAnswer {
  readonly status: number;
  readonly body?: unknown;
}

export interface Operation {
  /** Such as `create_bot`: what `--fault` names. */
  readonly id: string;
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** With parameters in braces, and the trailing slash that clients may leave out. */
  readonly path: string;
  readonly tag: string;
  readonly summary: string;
  readonly query?: readonly string[];
  /** Values that a query parameter may have. */
  readonly choices?: Readonly<Record<string, readonly string[]>>;
  readonly body?: z.ZodType | undefined;
  /** Schema of the body by status; undefined for none. */
  readonly answers: Readonly<Record<number, z.ZodType | undefined>>;
  handle(request: OperationRequest): OperationAnswer | Promise<OperationAnswer>;
}

/** Milliseconds since the epoch. */
export interface DateFilters {
  readonly after: number | undefined;
  readonly before: number | undefined;
}
