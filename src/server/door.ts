/**
 * The door for programs. The rooms behind it, the web framework and what Node loads for `Request` and `Response` come with the
 * first call: they are a quarter of what `import 'recall-emulator'` took, and most who write that want to play a meeting.
 */
import type { ServerOptions } from './options.ts';
import type { MockServer } from './server.ts';

/** Starts the mock on a port. Rejects as `createMock` does, for a port that is taken, and as `openAuthority` does. */
export async function startServer(options?: ServerOptions): Promise<MockServer> {
  const server = await import('./server.ts');
  return server.startServer(options);
}

/** The OpenAPI document of what `startServer` serves. */
export async function serverOpenApi(): Promise<Record<string, unknown>> {
  const server = await import('./server.ts');
  return server.serverOpenApi();
}
