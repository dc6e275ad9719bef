/** One meeting: its lanes, what is open beside them, and what happened. */
import { useMemo, useState } from 'preact/hooks';
import { barsOf, ConnectionTrack } from '../lanes/ConnectionTrack.tsx';
import { FindingLanes } from '../lanes/FindingLanes.tsx';
import type { KeptRun } from '../lanes/KeptTrack.tsx';
import { Lane } from '../lanes/Lane.tsx';
import { Lanes } from '../lanes/Lanes.tsx';
import { MarkTrack } from '../lanes/MarkTrack.tsx';
import { Pointed } from '../lanes/pointed.ts';
import { rowsOf } from '../lanes/rows.ts';
import { Timeline } from '../lanes/Timeline.tsx';
import { Detail } from './Detail.tsx';
import { HappeningList } from './HappeningList.tsx';
import { type MeetingTrace, SAMPLE_RATE } from './meeting.ts';
import { PersonLanes, spansOf } from './PersonLanes.tsx';
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
        <SharedLanes meeting={meeting} duration={duration} />
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

/** What is of nobody alone. */
function SharedLanes({ meeting, duration }: { readonly meeting: MeetingTrace; readonly duration: number }) {
  const shared = meeting.connections.filter(({ participants }) => participants.length !== 1);
  const rows = rowsOf(barsOf(shared, meeting.refusals, duration));
  const spans = spansOf(meeting, null);
  if (meeting.marks.length + rows.length + spans.length === 0) return null;
  return (
    <Lanes>
      {meeting.marks.length > 0 && (
        <Lane kind="marks" label="what happened">
          <MarkTrack marks={meeting.marks} duration={duration} />
        </Lane>
      )}
      {rows.map((bars, index) => (
        <Lane key={bars[0]!.connection.number} kind="wire" label={index === 0 ? 'connections' : undefined}>
          <ConnectionTrack bars={bars} duration={duration} />
        </Lane>
      ))}
      <FindingLanes spans={spans} duration={duration} />
    </Lanes>
  );
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
