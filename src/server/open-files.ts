/** How many files and sockets the process may have open, and what that means in bots. */

/** What the process itself, its API's clients and files that are being read take. */
const RESERVED = 64;
/** For each participant a WebSocket and a file of audio; for each bot the mix and a connection for the call's events. */
const PER_PARTICIPANT = 2;
const PER_BOT = 2;

export interface OpenFiles {
  /** The soft limit (`ulimit -n`); Node raises it to the hard one when it starts. */
  readonly limit: number;
  /** Bots in a call at a time, with so many unmuted participants each. */
  readonly bots: number;
  readonly participants: number;
}

/** Undefined where there is no limit, or none that can be read. */
export function openFiles(participants: number): OpenFiles | undefined {
  const limit = softLimit();
  if (typeof limit !== 'number') return undefined;
  const perBot = PER_PARTICIPANT * participants + PER_BOT;
  return { limit, participants, bots: Math.max(0, Math.floor((limit - RESERVED) / perBot)) };
}

function softLimit(): unknown {
  // Otherwise the report looks up the names of all peers.
  Object.assign(process.report ?? {}, { excludeNetwork: true });
  const report = process.report?.getReport() as
    | { readonly userLimits?: { readonly open_files?: { readonly soft?: unknown } } }
    | undefined;
  return report?.userLimits?.open_files?.soft;
}
