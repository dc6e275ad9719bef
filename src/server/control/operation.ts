/** One operation of the control API: its route, what it takes, and what it does. */
import type { z } from 'zod';
import type { ClientFiles } from '../bot/client-files.ts';
import type { Scope, SharedByAll } from './scope.ts';

/** What the control API shows and changes, beside what its request is about. */
export interface Controlled {
  readonly server: SharedByAll;
  /** What clients may have played. */
  readonly files: ClientFiles;
}

export interface ControlRequest<Body = unknown> extends Controlled {
  readonly scope: Scope;
  readonly params: Readonly<Record<string, string>>;
  /** Validated when the operation has a schema for it. */
  readonly body: Body;
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
  /** Throws a `Refusal`, or an `EmulatorError` for what a client named and cannot be used. */
  handle(request: ControlRequest): Handled | Promise<Handled>;
}

/** Gives `handle` the type of the body. */
export function operation<Schema extends z.ZodType>(
  definition: Description & {
    readonly body?: Schema | undefined;
    handle(request: ControlRequest<z.infer<Schema>>): Handled | Promise<Handled>;
  },
): ControlOperation {
  return definition;
}
