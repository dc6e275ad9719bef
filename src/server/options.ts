/** The options of a server, and what is wrong with them by themselves. */

import { readFaults } from '../emulator/faults/read.ts';
import { frameSamples } from '../emulator/frames.ts';
import {
  checkPace,
  checkSendOptions,
  type FaultOptions,
  type PaceOptions,
  type SendOptions,
} from '../emulator/options.ts';
import type { ConnectionProbe } from '../emulator/probe.ts';
import type { Session } from '../emulator/session.ts';
import { UsageError } from '../errors.ts';
import { isLoopback } from '../guard.ts';
import { checkRange, MEETING_SECONDS, PEOPLE, type Range } from '../range.ts';
import type { MeetingSource } from '../scenario/open.ts';
import { parseTarget, readTarget } from '../target.ts';
import type { BotDelays } from './bot/context.ts';
import { type DownloadFaultFields, readDownloadFault } from './bot/download-faults.ts';
import type { DocsGeneration } from './bot/platforms.ts';
import { SERVER_DEFAULTS } from './defaults.ts';
import type { Activity } from './store/activity.ts';
import type { WebhookFaultOptions, WebhookUrls } from './webhooks/options.ts';

const PORTS: Range = { min: 1, max: 65_535, whole: true };

/** Options of `startServer`. Seconds are seconds of the emulator's clock unless they say otherwise. */
export interface ServerOptions extends SendOptions, PaceOptions, FaultOptions {
  /** Default 8787; 0 takes any free one. */
  readonly port?: number | undefined;
  /** Default 127.0.0.1. Another address needs `apiKey` and `allowTargets`. */
  readonly host?: string | undefined;
  /** What bots play when nothing else decides; a generated meeting when left out. */
  readonly scenario?: MeetingSource | undefined;
  /** YAML file with a list of `meeting_url` patterns and their `scenario`. */
  readonly rules?: string | undefined;
  /** What every bot meets that nothing else is said of, such as `denied`. */
  readonly course?: string | undefined;
  /** Folder below which a bot's metadata may name scenarios; default the working directory. */
  readonly scenarioDir?: string | undefined;
  /** Of generated meetings: default 3 participants, 60 seconds. */
  readonly generatedParticipants?: number | undefined;
  readonly generatedSeconds?: number | undefined;
  /** Ids and generated meetings are made from it; without it they differ from start to start. Scenarios have a seed of their own. */
  readonly seed?: number | undefined;
  /** The only key that is accepted; any when left out. */
  readonly apiKey?: string | undefined;
  /** Status webhooks carry `svix-*` headers. */
  readonly legacySignatures?: boolean | undefined;
  /**
   * Where status webhooks go: URLs, with what they want behind a # (`…#events=bot.*,transcript.done&secret=whsec_…`), or the same
   * in fields.
   */
  readonly webhookUrls?: WebhookUrls | undefined;
  /** What goes wrong with webhooks on purpose, such as `duplicated,event=bot.done`, in text or in fields. */
  readonly webhookFaults?: WebhookFaultOptions | undefined;
  /** What goes wrong with downloads on purpose, such as `truncated=50%,file=*.mp4`, in text or in fields. */
  readonly downloadFaults?: readonly (string | DownloadFaultFields)[] | undefined;
  /** Milliseconds of mixed audio per message, 10 to 1000; default 200. */
  readonly mixedFrameMs?: number | undefined;
  readonly delays?: Partial<BotDelays> | undefined;
  readonly docs?: DocsGeneration | undefined;
  /** Answers on demand, such as `create_bot=507:2`. */
  readonly answers?: readonly string[] | undefined;
  /** Keeps bots, recordings and audio over restarts. */
  readonly dataDir?: string | undefined;
  /** File with a history (`schemas/history.schema.json`) or a snapshot (`GET /_emulator/export`) whose bots are there from the start. */
  readonly importFile?: string | undefined;
  /** Hosts that may be dialled; `*` for any, `*.example.com` for a domain. Anything while only this machine can ask. */
  readonly allowTargets?: readonly string[] | undefined;
  /** Dials another URL in place of those that begin so: `{'wss://my.ngrok.app': 'ws://127.0.0.1:4000'}`. */
  readonly mapTargets?: Readonly<Record<string, string>> | undefined;
  /** Names by which clients may call us, beside those of this machine. */
  readonly allowHosts?: readonly string[] | undefined;
  /**
   * A forward proxy on the same port: apps that name `https://us-west-2.recall.ai` reach us by it, and everything else as before.
   * It answers CONNECT only.
   */
  readonly proxy?: boolean | undefined;
  /** `http://` or `https://` URL of the proxy by which everything else went so far. */
  readonly upstreamProxy?: string | undefined;
  /** Speak TLS on the port, with a certificate of our own authority for Recall's hosts, `localhost` and addresses. */
  readonly https?: boolean | undefined;
  /** Where our authority is kept, and nothing else; default a folder of this user's data. */
  readonly caDir?: string | undefined;
  /** `https://mock.example.com`: links in answers begin with it, and requests by its name are let in. `X-Forwarded-*` count then. */
  readonly publicUrl?: string | undefined;
  /** Endpoints that are not on this machine are dialled on this port of it: for an app with a public name, such as a tunnel's. */
  readonly appPort?: number | undefined;
  /** `http://` or `https://` URL of the app: no bot starts before it answers, and not with a 5xx. */
  readonly waitFor?: string | undefined;
  /** 403 for bodies that name this machine and for any body on a GET, as the real firewall does. */
  readonly strictWaf?: boolean | undefined;
  /** What API v1.10 had beside: `GET /bot/{id}/transcript/`, `bot.status_change`, `transcription_options`, `real_time_transcription`. */
  readonly legacy?: boolean | undefined;
  /** 429 for more requests in a minute of the emulator's clock than Recall takes. */
  readonly rateLimits?: boolean | undefined;
  /** 400 for a WebSocket URL whose path has no `/` before its query (default, with the current docs); a warning when false. */
  readonly strictUrls?: boolean | undefined;
  /** A scheduled bot can be neither changed nor deleted for so long before its `join_at`; default 600, and 0 until it joins. */
  readonly updateCutoffSeconds?: number | undefined;
  /** How long download URLs hold; default 6 hours. */
  readonly downloadTtlSeconds?: number | undefined;
  /** Wall seconds for the answer to a webhook; default 15. */
  readonly webhookTimeoutSeconds?: number | undefined;
  /** Wall seconds in which `close` lets everything end in order before it ends it at once; default 5. */
  readonly closeSeconds?: number | undefined;
  /** Everything that happens, as it happens. */
  readonly onActivity?: ((activity: Activity) => void) | undefined;
  /** The session of each recording, before it starts: for those who watch. */
  readonly onSession?: ((session: Session) => void) | undefined;
  /** Pings each open connection regularly. */
  readonly probe?: ConnectionProbe | undefined;
  readonly startTime?: Date | undefined;
}

/** Throws a `UsageError`. */
export function checkOptions(options: ServerOptions): void {
  const { host = SERVER_DEFAULTS.host, apiKey, allowTargets } = options;
  if (!isLoopback(host)) {
    if (apiKey === undefined) {
      // Both are told at once: nobody should have to try twice.
      const both = allowTargets === undefined ? ' and name the hosts it may dial with `allowTargets`' : '';
      throw new UsageError('api_key_needed', `On ${host} others can reach the emulator.`, {
        hint: `Give \`apiKey\`${both}, or stay on 127.0.0.1.`,
      });
    }
    if (allowTargets === undefined) {
      throw new UsageError(
        'allow_target_needed',
        `On ${host} others can tell the emulator which URLs to dial.`,
        { hint: 'Name the hosts it may dial with `allowTargets`.' },
      );
    }
  }
  checkSendOptions(options);
  readFaults(options.faults);
  for (const given of options.downloadFaults ?? []) readDownloadFault(given);
  checkPace(options);
  if (options.mixedFrameMs !== undefined) frameSamples([options.mixedFrameMs]);
  const {
    generatedParticipants = SERVER_DEFAULTS.generatedParticipants,
    generatedSeconds = SERVER_DEFAULTS.generatedSeconds,
  } = options;
  checkRange('invalid_participants', 'generatedParticipants', generatedParticipants, PEOPLE);
  checkRange('invalid_duration', 'generatedSeconds', generatedSeconds, MEETING_SECONDS);
  const { updateCutoffSeconds = 0 } = options;
  checkReach(options);
  if (!(updateCutoffSeconds >= 0)) {
    throw new UsageError('invalid_update_cutoff', `${updateCutoffSeconds} seconds are not possible.`, {
      hint: 'Give how long before join_at a bot can no longer be changed, or 0.',
    });
  }
}

/** How clients reach us, and how we reach the app. */
function checkReach({ https, proxy, publicUrl, upstreamProxy, appPort, waitFor }: ServerOptions): void {
  if (https === true && proxy === true) {
    throw new UsageError(
      'https_with_proxy',
      'A proxy takes its calls without TLS: `https` and `proxy` exclude each other.',
      {
        hint: 'With `proxy`, apps that name https://us-west-2.recall.ai speak TLS with us anyway.',
      },
    );
  }
  if (publicUrl !== undefined) {
    const { pathname, search } = new URL(readTarget(publicUrl, 'webhook'));
    if (pathname !== '/' || search !== '') {
      throw new UsageError('invalid_public_url', '`publicUrl` has a path or a query.', {
        hint: 'Give the scheme and the host, such as https://mock.example.com.',
      });
    }
  }
  // It may have a password: it is not shown.
  if (upstreamProxy !== undefined && !parseTarget(upstreamProxy, 'webhook').ok) {
    throw new UsageError('invalid_url', 'The proxy that was there before (`upstreamProxy`) cannot be used.', {
      hint: 'It is in HTTPS_PROXY: give one such as http://proxy.example:3128.',
    });
  }
  if (appPort !== undefined) checkRange('invalid_option', 'appPort', appPort, PORTS);
  if (waitFor !== undefined) readTarget(waitFor, 'webhook');
}

export function isAnyAddress(host: string | undefined): boolean {
  return host === '0.0.0.0' || host === '::';
}
