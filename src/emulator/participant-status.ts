import type { Participant } from '../protocol/participant.ts';
import type { ConnectionState } from './transitions.ts';

/** What a participant does at the moment, for a live display. */
export interface ParticipantStatus {
  readonly participant: Participant;
  /** `muted` when there is no stream, else the state of its connection. */
  readonly state: 'muted' | ConnectionState;
  /** Loudness of the last frame, 0 to 1. */
  readonly level: number;
  readonly scheduled: number;
  readonly sent: number;
  readonly dropped: number;
}
