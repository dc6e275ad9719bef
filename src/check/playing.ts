/** How the cases of a run are played: at a URL, which a setup command may change for each case, or by way of the app. */
import { CHECK_DEFAULTS, type CheckOptions } from './options.ts';
import { filledUrl, type Place, shownUrl } from './place.ts';
import { directPlayer, type Player } from './player.ts';
import type { PlannedCase } from './run.ts';
import { placeBySetup } from './setup.ts';

export interface Playing {
  readonly player: Player;
  /** For the receiver's command. */
  readonly env: Readonly<Record<string, string>>;
  /** Where the receiver is to listen; undefined when only the app knows. */
  readonly url: string | undefined;
  /** For reports: where meetings were played, without what is secret in it. */
  shown(): string;
  /** Before each case. */
  prepare(planned: PlannedCase): Promise<void>;
  close(): Promise<void>;
}

/** `env`: what the witnesses say to the receiver. */
export async function openPlaying(
  options: CheckOptions,
  env: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<Playing> {
  const { url, create } = options;
  const listening = url === undefined ? undefined : filledUrl(url);
  if (create === undefined) {
    const { player, prepare } = direct(options, url!, env, signal);
    return { player, prepare, env, url: listening, shown: () => shownUrl(url!), close: async () => {} };
  }
  // The mock is not loaded for those who have no use for it.
  const { startAppPlayer } = await import('./app/player.ts');
  const { secret, insecure = false, webhookUrls, mapTargets } = options;
  const player = await startAppPlayer({
    create,
    secret,
    insecure,
    webhookUrls,
    mapTargets,
    waitMs: waitMsOf(options),
  });
  return {
    player,
    prepare: async () => {},
    env: { ...env, ...player.env },
    url: listening,
    shown: () => player.target,
    close: () => player.close(),
  };
}

export function waitMsOf({ waitSeconds = CHECK_DEFAULTS.waitSeconds }: CheckOptions): number {
  return waitSeconds * 1_000;
}

function direct(
  options: CheckOptions,
  url: string,
  env: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Pick<Playing, 'player' | 'prepare'> {
  const { setup, headers = {}, secret, insecure = false, tolerateInvalidFrames = false } = options;
  const { botMetadata = {} } = options;
  const given: Place = { url, headers, secret, insecure, tolerateInvalidFrames, botMetadata };
  let place = given;
  return {
    player: directPlayer(() => place),
    async prepare({ case: { id: caseId }, setting }) {
      if (setup === undefined) return;
      const own = { RECALL_EMULATOR_CASE: caseId, RECALL_EMULATOR_CONNECTIONS: setting.connections };
      const context = { caseId, env: { ...env, ...own }, timeoutMs: waitMsOf(options), signal };
      place = await placeBySetup(setup, given, context);
    },
  };
}
