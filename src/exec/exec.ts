/** A command beside a mock of its own: the mock is started, the command is run so that its calls come to it, and both end. */
import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { packageFile } from '../package-files.ts';
import { type MockServer, type ServerOptions, type ServerStats, startServer } from '../server/server.ts';
import { makeBundles } from './bundles.ts';
import { runCommand } from './command.ts';
import { environmentOf, upstreamProxyOf } from './environment.ts';

/** Who has been dialled by a bot has ended with the command: there is nobody to take leave of. */
const CLOSE_SECONDS = 1;

export interface ExecOptions {
  /** Program and arguments. */
  readonly command: readonly [string, ...string[]];
  /** Of the mock; any free port and a secret of its own unless it says otherwise. */
  readonly server: Omit<ServerOptions, 'proxy' | 'https' | 'upstreamProxy'>;
  /** Called before the command starts; what it gives back is called at the end. */
  readonly onStart: (server: MockServer) => Promise<() => void>;
}

export interface ExecResult {
  /** The command's. */
  readonly exitCode: number;
  /** What became of the mock's bots. */
  readonly stats: ServerStats;
}

/**
 * Runs the command and resolves when all has ended. Rejects as `startServer` and `openAuthority` do, and with `command_not_started`
 * for a command that cannot be started.
 */
export async function execBesideMock({ command, server, onStart }: ExecOptions): Promise<ExecResult> {
  const secret = server.secret ?? `whsec_${randomBytes(24).toString('base64')}`;
  const mock = await startServer({
    port: 0,
    closeSeconds: CLOSE_SECONDS,
    ...defined(server),
    secret,
    proxy: true,
    upstreamProxy: upstreamProxyOf(process.env),
  });
  const undo: (() => void)[] = [];
  let exitCode: number;
  try {
    undo.push(await onStart(mock));
    const { url: secureUrl, caFile } = mock.secure!;
    const bundles = await makeBundles(process.env, caFile);
    undo.push(bundles.remove);
    const redirect = fileURLToPath(packageFile('dist/redirect/preload.cjs'));
    const place = { url: mock.url, secureUrl, caFile, apiKey: server.apiKey, secret, redirect };
    exitCode = await runCommand({ command, env: environmentOf(process.env, place, bundles.files) });
  } finally {
    for (const each of undo) each();
    await mock.close();
  }
  return { exitCode, stats: mock.stats() };
}

/** What was left out does not hide what holds then. */
function defined<Options extends object>(options: Options): Options {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as Options;
}
