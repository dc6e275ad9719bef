/** What the participants of a meeting do at the moment, for a live display. */
import { rms } from '../audio/level.ts';
import type { Participant } from '../protocol/participant.ts';
import { type Account, AUDIO, DROP_REASONS } from './ledger.ts';
import type { Stream } from './stream.ts';
import type { ConnectionState } from './transitions.ts';

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

/** One entry per participant, in their order. Of their audio; `streams` are those that run, by participant. */
export function participantStatus(
  participants: readonly Participant[],
  streams: ReadonlyMap<number, Stream<Int16Array>>,
  accounts: readonly Account[],
): ParticipantStatus[] {
  const status = participants.map((participant, index) => {
    const stream = streams.get(index);
    return {
      participant,
      state: stream === undefined ? ('muted' as const) : (stream.outputs[0]?.connection.state ?? 'idle'),
      level: stream?.lastFrame === undefined ? 0 : rms(stream.lastFrame),
      scheduled: 0,
      sent: 0,
      dropped: 0,
    };
  });
  for (const account of accounts) {
    const entry = status[account.participant];
    if (entry === undefined || account.medium !== AUDIO) continue;
    entry.scheduled += account.scheduled;
    entry.sent += account.sent;
    for (const reason of DROP_REASONS) entry.dropped += account.dropped[reason];
  }
  return status;
}
