/** A meeting on a time axis while it goes on: of everybody what they sent, when they spoke, and the connections that carried it. */
import { useMemo } from 'preact/hooks';
import type { ConnectionNews } from '../../src/server/control/live/batch.ts';
import { ConnectionLanes } from '../lanes/ConnectionLanes.tsx';
import { barsOf } from '../lanes/ConnectionTrack.tsx';
import { Lane } from '../lanes/Lane.tsx';
import { Lanes } from '../lanes/Lanes.tsx';
import { PersonLabel } from '../lanes/PersonLabel.tsx';
import { personAt, shortNameOf } from '../lanes/people.ts';
import { SentTrack } from '../lanes/SentTrack.tsx';
import { SharedLanes } from '../lanes/SharedLanes.tsx';
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
            <LiveSharedLanes state={state} duration={duration} />
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
function LiveSharedLanes({ state, duration }: LanesProps) {
  const shared = [...state.connections.values()].filter(({ participants }) => participants.length !== 1);
  const marks = useMarks(state);
  return (
    <SharedLanes
      marks={marks}
      bars={liveBarsOf(shared, state)}
      spans={[]}
      duration={duration}
      now={state.now}
    />
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
  return (
    <div data-participant={person.id}>
      <Lanes>
        <Lane
          kind="sent"
          label={
            <PersonLabel person={face}>
              {person.unmuted ? (person.speaking ? 'speaking' : 'unmuted') : 'muted'}
            </PersonLabel>
          }
        >
          <SentTrack lane={state.laneOf(index)} person={face} duration={duration} loudest={LOUDEST} />
        </Lane>
        <Lane kind="speech">
          <SpeechTrack state={state} participant={person.id} tone={face.tone} duration={duration} />
        </Lane>
        <ConnectionLanes bars={liveBarsOf(own, state)} duration={duration} now={state.now} />
      </Lanes>
    </div>
  );
}

/** What is open goes as far as now, and no further. */
function liveBarsOf(connections: readonly ConnectionNews[], { now }: MeetingState) {
  const wire = connections.flatMap(({ number, refusals }) =>
    refusals.map(({ at_s, text }) => ({ at_s, text, connection: number, kind: 'refused' as const })),
  );
  const told = connections.map(({ refusals: _, participants, ...each }) => ({
    ...each,
    participants: [...participants],
  }));
  return barsOf(told, wire, Math.max(0.01, now));
}
