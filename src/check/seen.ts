/** What there was to see of a case when it had been played: each meeting, what was kept of it, and what became of the process. */
import type { PingsSeen } from '../diagnose/pings.ts';
import type { Diagnosis } from '../emulator/diagnosis.ts';
import type { ConnectionMode } from '../emulator/endpoint.ts';
import type { SendOptions } from '../emulator/options.ts';
import type { PlayReport } from '../emulator/report.ts';
import type { Script } from '../emulator/script.ts';
import type { ScriptReport } from '../emulator/script-player.ts';
import type { Session } from '../emulator/session.ts';
import type { Scenario } from '../scenario/schema.ts';
import type { Timeline } from '../scenario/timeline.ts';
import type { AppCall } from './app/calls.ts';
import type { Finding } from './oracle/finding.ts';
import type { Judgement, KeptFile } from './oracle/judge.ts';
import type { Sent } from './oracle/sent.ts';
import type { ScriptLog } from './script-log.ts';
import type { ProcessSample } from './witnesses/figures.ts';
import type { ProcessExit } from './witnesses/process.ts';

/** In which setting a case is played. */
export interface CaseSetting {
  readonly connections: ConnectionMode;
  readonly secret: string | undefined;
}

export interface CaseMeeting {
  /** What happens; voices are put in by the runner. Its seed is the runner's. */
  readonly scenario: Scenario;
  readonly send?: Pick<
    SendOptions,
    | 'frameMs'
    | 'absoluteFormat'
    | 'retryAttempts'
    | 'retryIntervalSeconds'
    | 'lateCloseSeconds'
    | 'reconnectEverySeconds'
    | 'reconnectGapSeconds'
    | 'bufferDisconnectedSeconds'
    | 'closeTimeoutSeconds'
  >;
  /** As fast as the receiver takes it, whatever the pace of the case. */
  readonly speed?: 'max';
  /** Its connections are pinged all the while: `pings` has the answers. */
  readonly pings?: true;
  /** As after `--fault`. */
  readonly faults?: readonly string[];
  /** Beside separate audio. */
  readonly events?: readonly string[];
  readonly botMetadata?: Readonly<Record<string, string>>;
  readonly endpointMetadata?: Readonly<Record<string, string>>;
  /** Played step by step over real sockets instead: the steps of the meeting, changed. */
  readonly script?: (steps: Script) => Script;
  /** The script takes the bot out of the messages: no file can be named by it. */
  readonly namesNoBot?: true;
  /** Overrides what the upgrades carry: `auth.*`. */
  readonly credentials?: {
    readonly secret?: string | undefined;
    /** Beside those that were given. Made when it is dialled: a signature has its time. */
    readonly headers?: () => Readonly<Record<string, string>>;
    readonly url?: (url: string) => string;
  };
  /** The receiver is to refuse it: what it does not take is no failure. */
  readonly mayBeRefused?: true;
}

export interface CaseSeen {
  /** Id of the case. */
  readonly id: string;
  readonly setting: CaseSetting;
  /** In the order of rounds. */
  readonly meetings: readonly MeetingSeen[];
  /** The receiver's process ended while the case was played, and nobody had asked for it. */
  readonly exit: ProcessExit | undefined;
  /** What it took meanwhile, and while the case was played before, if it had to be played again; undefined when it is not ours. */
  readonly process?: readonly ProcessSample[] | undefined;
  /** How often it had been started by then. */
  readonly starts?: number | undefined;
}

/** Something that a witness saw at a moment. */
export interface Moment {
  /** On the meeting's clock. */
  readonly atSeconds: number;
  readonly kind: 'process' | 'probe' | 'call';
  /** Safe to print. */
  readonly text: string;
}

/** A meeting that has been played. */
export interface PlayedMeeting {
  readonly plan: CaseMeeting;
  readonly timeline: Timeline;
  readonly recordingId: string;
  readonly botId: string;
  /** 1 is real time. What it came to, where it was as fast as the receiver took it. */
  readonly speed: number;
  /** Wall clock of second 0, milliseconds since the epoch. */
  readonly startedMs: number;
  /** Of meetings; undefined for scripts. */
  readonly session: Session | undefined;
  readonly report: PlayReport | undefined;
  /** Of scripts. */
  readonly script: ScriptReport | undefined;
  /** What scripts sent, step by step. */
  readonly scriptLog?: ScriptLog | undefined;
  /** What arrived. */
  readonly sent: Sent;
  /** How quickly it answered our pings; undefined where there were none. */
  readonly pings?: PingsSeen | undefined;
  readonly diagnoses: readonly Diagnosis[];
  /** What the app asked of Recall's API while it was played; undefined when we are not asked. */
  readonly calls?: readonly AppCall[] | undefined;
  /** In the order of time. */
  readonly moments?: readonly Moment[] | undefined;
}

export interface MeetingSeen extends PlayedMeeting {
  /** What a witness found that was kept; undefined when there is none that could see it. */
  readonly kept: KeptSeen | undefined;
  /** Findings about the mix of all; undefined when nobody looked. */
  readonly mix: readonly Finding[] | undefined;
}

export interface KeptSeen {
  /** The option of the witness: `files`, `tap`. */
  readonly by?: string | undefined;
  readonly files: readonly KeptFile[];
  readonly judgement: Judgement;
}
