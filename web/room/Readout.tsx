/** What a moment of a lane is, in words. */

import type { ConnectionNews } from '../../src/server/control/live/batch.ts';
import { Badge } from '../lanes/Badge.tsx';
import { connectionText } from '../lanes/ConnectionTrack.tsx';
import { personAt, shortNameOf } from '../lanes/people.ts';
import { spanText, timeText } from '../lanes/time.ts';
import type { MeetingState } from './meeting-state.ts';
import { hello, tick } from './store.ts';

interface ReadoutProps {
  readonly state: MeetingState;
  readonly at: number;
  readonly participant: number | undefined;
}

export function Readout({ state, at, participant }: ReadoutProps) {
  // The meeting changes in place.
  tick.value;
  const index = state.people.findIndex(({ id }) => id === participant);
  if (at > state.now) return <span class="hint">{timeText(at)}: still to come.</span>;
  if (index === -1) return <Happenings state={state} at={at} />;
  const person = state.people[index]!;
  const lane = state.laneOf(index);
  const covers = ({ from_s, to_s }: { readonly from_s: number; readonly to_s: number | null }): boolean =>
    from_s <= at && (to_s ?? state.now) > at;
  const sent = lane.unmuted.find(covers);
  const lost = lane.missing.find(covers);
  const speech = state.speeches.find((each) => each.participant === person.id && covers(each));
  const connection = connectionAt(state, person.id, at);
  return (
    <ul>
      <li>
        <Badge person={personAt(index, person)} />
        <span class="name">{shortNameOf(person)}</span>
      </li>
      <li>
        {sent === undefined
          ? `${timeText(at)}: nothing was sent`
          : `${frameText(at, sent.from_s)}, ${lost === undefined ? 'sent' : 'lost'}`}
      </li>
      {speech !== undefined && <li>speaks from {timeText(speech.from_s)} on</li>}
      {lost !== undefined && <li>lost {spanText(lost.from_s, lost.to_s)}</li>}
      {connection !== undefined && (
        <li>{connectionText({ ...connection, participants: [...connection.participants] })}</li>
      )}
    </ul>
  );
}

/** Frames are of one length, or of several in turn: then only the moment is told. */
function frameText(at: number, from: number): string {
  const lengths = hello.value?.frame_ms ?? [];
  if (lengths.length !== 1) return timeText(at);
  const length = lengths[0]! / 1_000;
  const number = Math.floor((at - from) / length);
  return `frame ${number + 1} of this stretch, ${spanText(from + number * length, from + (number + 1) * length)}`;
}

function connectionAt(state: MeetingState, participant: number, at: number): ConnectionNews | undefined {
  return [...state.connections.values()].findLast(
    ({ participants, opened_s, closed_s, refusals }) =>
      (participants.includes(participant) || participants.length === 0) &&
      (opened_s ?? refusals[0]?.at_s ?? Number.POSITIVE_INFINITY) <= at &&
      (closed_s ?? state.now) >= at,
  );
}

/** What happened about this time. */
const NEAR_SECONDS = 1;

function Happenings({ state, at }: Pick<ReadoutProps, 'state' | 'at'>) {
  const near = state.events.filter(({ at_s }) => Math.abs(at_s - at) < NEAR_SECONDS);
  const shared = [...state.connections.values()].filter(
    ({ participants, opened_s, closed_s }) =>
      participants.length !== 1 && opened_s !== null && opened_s <= at && (closed_s ?? state.now) >= at,
  );
  return (
    <ul>
      <li>{timeText(at)}</li>
      {near.slice(0, 5).map(({ at_s, participant, text }, index) => (
        <li key={index}>
          {timeText(at_s)}{' '}
          {shortNameOf(state.people.find(({ id }) => id === participant) ?? { name: String(participant) })}:{' '}
          {text}
        </li>
      ))}
      {shared.slice(0, 3).map((connection) => (
        <li key={connection.number}>
          {connectionText({ ...connection, participants: [...connection.participants] })}
        </li>
      ))}
    </ul>
  );
}
