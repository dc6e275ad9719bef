/** One meeting: its lanes, what is open beside them, and what happened. */
import { useMemo, useState } from 'preact/hooks';
import { barsOf } from '../lanes/ConnectionTrack.tsx';
import type { KeptRun } from '../lanes/KeptTrack.tsx';
import { Pointed } from '../lanes/pointed.ts';
import { SharedLanes } from '../lanes/SharedLanes.tsx';
import { spansOf } from '../lanes/spans.ts';
import { Timeline } from '../lanes/Timeline.tsx';
import { Detail } from './Detail.tsx';
import { HappeningList } from './HappeningList.tsx';
import { type MeetingTrace, SAMPLE_RATE } from './meeting.ts';
import { PersonLanes } from './PersonLanes.tsx';
import { Playhead } from './Playhead.tsx';
import type { Picked } from './picked.ts';
import { Readout } from './Readout.tsx';
import { usePlayer } from './sound.ts';

export function MeetingPage({ meeting }: { readonly meeting: MeetingTrace }) {
  const [picked, setPicked] = useState<Picked | undefined>(undefined);
  const [pointed, setPointed] = useState<KeptRun | undefined>(undefined);
  const player = usePlayer();
  const duration = meeting.durationSeconds;
  const stretch = picked?.kind === 'stretch' ? picked.stretch : undefined;
  const people = useMemo(() => new Map(meeting.people.map(({ person }) => [person.id, person])), [meeting]);
  const loudest = useMemo(() => loudestOf(meeting), [meeting]);
  // The pointer moves more often than what is picked.
  const drawn = useMemo(
    () => (
      <>
        <SharedLanes
          marks={meeting.marks}
          bars={sharedBarsOf(meeting)}
          spans={spansOf(meeting.checked?.lines ?? [], null)}
          duration={duration}
        />
        {meeting.people.map((each) => (
          <PersonLanes
            key={each.place}
            of={each}
            onPick={setPicked}
            onPoint={setPointed}
            {...{ meeting, people, duration, loudest, picked }}
          />
        ))}
      </>
    ),
    [meeting, picked],
  );
  return (
    <div class="meeting-page">
      <div class="stage">
        <Timeline
          label="Lanes"
          duration={duration}
          readout={(at) => <Readout at={at} meeting={meeting} />}
          selected={stretch}
          onSelect={(each) => setPicked(each === undefined ? undefined : { kind: 'stretch', stretch: each })}
          onOpen={(at) => setPicked(frameAt(meeting, at) ?? picked)}
          playhead={player.playing !== undefined && <Playhead player={player} duration={duration} />}
        >
          <Pointed.Provider value={pointed}>{drawn}</Pointed.Provider>
        </Timeline>
        {meeting.people.length === 0 && <p class="empty">Nobody was unmuted in this meeting.</p>}
      </div>
      <Detail meeting={meeting} picked={picked} player={player} onPick={setPicked} />
      <HappeningList happenings={meeting.happenings} stretch={stretch} picked={picked} onPick={setPicked} />
    </div>
  );
}

/** The frame of whoever is unmuted at a time, the first of them. */
function frameAt({ people, frames }: MeetingTrace, at: number): Picked | undefined {
  const sample = at * SAMPLE_RATE;
  for (const { place, rows } of people) {
    const index = rows.findIndex((row) => frames.startSample[row]! + frames.samples[row]! > sample);
    if (index !== -1 && frames.startSample[rows[index]!]! <= sample) return { kind: 'frame', place, index };
  }
  return undefined;
}

/** Connections that carry several participants, or none. */
function sharedBarsOf({ connections, refusals, durationSeconds }: MeetingTrace) {
  const shared = connections.filter(({ participants }) => participants.length !== 1);
  return barsOf(shared, refusals, durationSeconds);
}

function loudestOf({ people }: MeetingTrace): number {
  let loudest = 1;
  for (const { lane } of people) {
    const { peaks } = lane;
    // Hundreds of thousands: an iterator would take longer than all else.
    for (let at = 0; at < peaks.length; at++) if (peaks[at]! > loudest) loudest = peaks[at]!;
  }
  return loudest;
}
