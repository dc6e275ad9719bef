/** A meeting on a time axis while it goes on: of everybody what they sent, when they spoke, and the connections that carried it. */
import { useMemo } from 'preact/hooks';
import type { ConnectionNews } from '../../src/server/control/live/batch.ts';
import { Badge } from '../lanes/Badge.tsx';
import { barsOf, ConnectionTrack } from '../lanes/ConnectionTrack.tsx';
import { Lane } from '../lanes/Lane.tsx';
import { Lanes } from '../lanes/Lanes.tsx';
import { MarkTrack } from '../lanes/MarkTrack.tsx';
import { personAt, shortNameOf } from '../lanes/people.ts';
import { rowsOf } from '../lanes/rows.ts';
import { SentTrack } from '../lanes/SentTrack.tsx';
import { LiveTimeline } from './LiveTimeline.tsx';
import type { MeetingState, PersonState } from './meeting-state.ts';
import { Readout } from './Readout.tsx';
import { SpeechTrack } from './SpeechTrack.tsx';
import { tick } from './store.ts';

/** Loudest peak to which lanes are drawn: speech seldom gets nearer to full scale. */
const LOUDEST = 60;

export function LiveLanes({ state }: { readonly state: MeetingState }) {
  tick.value;
  return (
    <section class="live-lanes" aria-label="Time">
      <LiveTimeline
        label="Lanes"
        now={state.now}
        isOver={state.isOver}
        readout={(at, participant) => <Readout state={state} at={at} participant={participant} />}
      >
        {(duration) => (
          <>
            <SharedLanes state={state} duration={duration} />
            {state.people.map((person, index) => (
              <PersonLanes key={person.id} state={state} person={person} index={index} duration={duration} />
            ))}
          </>
        )}
      </LiveTimeline>
    </section>
  );
}

interface LanesProps {
  readonly state: MeetingState;
  readonly duration: number;
}

/** What happened, and connections of several participants or of none. */
function SharedLanes({ state, duration }: LanesProps) {
  const shared = [...state.connections.values()].filter(({ participants }) => participants.length !== 1);
  const marks = useMarks(state);
  if (marks.length === 0 && shared.length === 0) return null;
  return (
    <Lanes>
      {marks.length > 0 && (
        <Lane kind="marks" label="what happened">
          <MarkTrack marks={marks} duration={duration} />
        </Lane>
      )}
      <ConnectionLanes connections={shared} state={state} duration={duration} />
    </Lanes>
  );
}

function useMarks({ events, people }: MeetingState) {
  const count = events.length;
  return useMemo(
    () =>
      events.map(({ at_s, participant, text }) => {
        const person = people.find(({ id }) => id === participant);
        const who = person === undefined ? String(participant) : shortNameOf(person);
        return { at_s, kind: 'event' as const, text: `${who}: ${text}` };
      }),
    [count],
  );
}

interface PersonLanesProps extends LanesProps {
  readonly person: PersonState;
  readonly index: number;
}

function PersonLanes({ state, person, index, duration }: PersonLanesProps) {
  const face = personAt(index, person);
  const own = [...state.connections.values()].filter(
    ({ participants }) => participants.length === 1 && participants[0] === person.id,
  );
  const name = shortNameOf(person);
  return (
    <div data-participant={person.id}>
      <Lanes>
        <Lane
          kind="sent"
          label={
            <>
              <Badge person={face} />
              <span class="who">
                <bdi title={name}>{name}</bdi>
                <small>{person.unmuted ? (person.speaking ? 'speaking' : 'unmuted') : 'muted'}</small>
              </span>
            </>
          }
        >
          <SentTrack lane={state.laneOf(index)} person={face} duration={duration} loudest={LOUDEST} />
        </Lane>
        <Lane kind="speech">
          <SpeechTrack state={state} participant={person.id} tone={face.tone} duration={duration} />
        </Lane>
        <ConnectionLanes connections={own} state={state} duration={duration} />
      </Lanes>
    </div>
  );
}

interface ConnectionLanesProps extends LanesProps {
  readonly connections: readonly ConnectionNews[];
}

function ConnectionLanes({ connections, state, duration }: ConnectionLanesProps) {
  const wire = connections.flatMap(({ number, refusals }) =>
    refusals.map(({ at_s, text }) => ({ at_s, text, connection: number, kind: 'refused' as const })),
  );
  const told = connections.map(({ refusals: _, participants, ...each }) => ({
    ...each,
    participants: [...participants],
  }));
  // What is open goes as far as now, and no further.
  const rows = rowsOf(barsOf(told, wire, Math.max(0.01, state.now)));
  return (
    <>
      {rows.map((bars, index) => (
        <Lane key={bars[0]!.connection.number} kind="wire" label={index === 0 ? 'connections' : undefined}>
          <ConnectionTrack bars={bars} duration={duration} now={state.now} />
        </Lane>
      ))}
    </>
  );
}
