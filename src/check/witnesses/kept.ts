/** Witnesses of what a receiver kept: files that it wrote, or what it hands on to a tap. */
import type { Finding } from '../oracle/finding.ts';
import type { KeptFile } from '../oracle/judge.ts';
import type { PlayedMeeting } from '../seen.ts';

interface Witness<Seen> {
  /** The option that it comes from: `files`, `tap`, `mix`. */
  readonly option: string;
  /** Before a case: what is there already is not of this case. */
  prepare(): Promise<void>;
  /** Before each round: from now on other meetings are played. */
  nextRound?(): void;
  /** Before anything of this meeting is sent. */
  began?(recordingId: string): void;
  /** Changes whenever there is something new to look at; cheap. */
  state(meeting: PlayedMeeting, all: readonly PlayedMeeting[]): Promise<string>;
  /** What there is now; undefined when it cannot see this meeting. May be called again and again. */
  look(meeting: PlayedMeeting, all: readonly PlayedMeeting[]): Promise<readonly Seen[] | undefined>;
  close(): Promise<void>;
}

/** Of the audio of each participant. */
export type KeptWitness = Witness<KeptFile>;

/** Of something about the whole meeting: its mix, or who spoke when. */
export type WholeWitness = Witness<Finding>;
