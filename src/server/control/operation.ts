/** One operation of the control API: its route, what it takes, and what it does. */
import type { z } from 'zod';
import type { ClientFiles } from '../bot/client-files.ts';
import type { Hello } from './live/batch.ts';
import type { Scope, SharedByAll } from './scope.ts';

/** What the control API shows and changes, beside what its request is about. */
export interface Controlled {
  readonly server: SharedByAll;
  /** What clients may have played. */
  readonly files: ClientFiles;
  /** The only API key, where there is one. */
  readonly apiKey: string | undefined;
  /** What pages are told of this server. */
  readonly about: Pick<Hello, 'version' | 'speed' | 'frame_ms' | 'connections' | 'keyed'>;
  /** A request to the API, as an app with this key makes it. */
  callApi(method: string, path: string, key: string, body: unknown): Promise<Response>;
}

export interface ControlRequest<Body = unknown, Query = unknown> extends Controlled {
  readonly scope: Scope;
  readonly params: Readonly<Record<string, string>>;
  /** Validated when the operation has a schema for it. */
  readonly body: Body;
  /** The same of the query; without `key`, which is the API key. */
  readonly query: Query;
  /** Ends when the client goes. */
  readonly signal: AbortSignal;
  header(name: string): string | undefined;
}

export interface ControlAnswer {
  /** Default 200. */
  readonly status?: number;
  /** Undefined for none. */
  readonly body: Readonly<Record<string, unknown>> | undefined;
}

interface Description {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Below `/_emulator`, with parameters in braces. */
  readonly path: string;
  readonly summary: string;
  /** For a name of an earlier version. */
  readonly deprecated?: boolean;
}

type Handled = ControlAnswer | Response;

export interface ControlOperation extends Description {
  readonly body?: z.ZodType | undefined;
  /** An operation without one takes no notice of its query. */
  readonly query?: z.ZodObject | undefined;
  /** Throws a `Refusal`, or an `EmulatorError` for what a client named and cannot be used. */
  // biome-ignore lint/suspicious/noExplicitAny: the schemas have checked what is handed over
  handle(request: ControlRequest<any, any>): Handled | Promise<Handled>;
}

/** Gives `handle` the types of the body and the query. */
export function operation<Schema extends z.ZodType, Query extends z.ZodObject>(
  definition: Description & {
    readonly body?: Schema | undefined;
    readonly query?: Query | undefined;
    handle(request: ControlRequest<z.infer<Schema>, z.infer<Query>>): Handled | Promise<Handled>;
  },
): ControlOperation {
  return definition;
}
