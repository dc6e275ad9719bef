/** A meeting that was played: what was sent, what went over the wire and what was kept, on one time axis. */
import type { ComponentProps } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import type { CaseResult, MeetingReport } from '../../src/check/report.ts';
import { barsOf } from '../lanes/ConnectionTrack.tsx';
import { type KeptRun, KeptTrack } from '../lanes/KeptTrack.tsx';
import { Lane } from '../lanes/Lane.tsx';
import { Lanes } from '../lanes/Lanes.tsx';
import { Playhead } from '../lanes/Playhead.tsx';
import { Pointed } from '../lanes/pointed.ts';
import { SharedLanes } from '../lanes/SharedLanes.tsx';
import { spansOf } from '../lanes/spans.ts';
import { Timeline } from '../lanes/Timeline.tsx';
import { timeText } from '../lanes/time.ts';
import { FileLabel } from './FileLabel.tsx';
import { InWords } from './InWords.tsx';
import { Legend } from './Legend.tsx';
import { PersonLanes } from './PersonLanes.tsx';
import { peopleOf } from './people.ts';
import { Readout } from './Readout.tsx';
import { usePlayer } from './usePlayer.ts';
import { WireLog } from './WireLog.tsx';
import { countOf } from './words.ts';

interface MeetingViewProps {
  readonly meeting: MeetingReport;
  /** Of its heading. */
  readonly id: string;
  readonly title: string;
  /** What was found in it. */
  readonly lines: CaseResult['lines'];
}

export function MeetingView({ meeting, id, title, lines }: MeetingViewProps) {
  const people = useMemo(() => peopleOf(meeting), [meeting]);
  const loudest = useMemo(() => loudestOf(meeting), [meeting]);
  const [pointed, setPointed] = useState<KeptRun | undefined>(undefined);
  const player = usePlayer();
  const duration = axisOf(meeting);
  const wrong = lines.filter(({ severity }) => severity !== 'note').length;
  // The pointer goes over run after run: what does not change with it is drawn once.
  const drawn = useMemo(
    () => <AllLanes {...{ meeting, people, lines, duration, loudest, onPoint: setPointed, player }} />,
    [meeting, people, lines, player.playing],
  );
  return (
    <section class="meeting" aria-label={title}>
      <h2 id={id} tabIndex={-1}>
        {title}
        {wrong > 0 && <span class="tally">{countOf(wrong, 'finding')}</span>}
      </h2>
      <Facts meeting={meeting} />
      <Timeline
        label={title}
        duration={duration}
        readout={(at) => <Readout at={at} meeting={meeting} people={people} />}
        playhead={
          player.playing !== undefined && <Playhead audio={player.playing.audio} duration={duration} />
        }
      >
        <Pointed.Provider value={pointed}>{drawn}</Pointed.Provider>
      </Timeline>
      <Legend meeting={meeting} />
      <InWords meeting={meeting} people={people} />
      <WireLog meeting={meeting} />
    </section>
  );
}

type AllLanesProps = Pick<
  ComponentProps<typeof PersonLanes>,
  'meeting' | 'people' | 'lines' | 'duration' | 'loudest' | 'onPoint' | 'player'
>;

function AllLanes(props: AllLanesProps) {
  const { meeting, people, lines, duration, onPoint, player } = props;
  const { lanes, kept } = meeting;
  const others = (kept ?? []).filter(({ participant }) => participant === null || !people.has(participant));
  return (
    <>
      <SharedLanes
        marks={meeting.marks}
        bars={sharedBarsOf(meeting, duration)}
        spans={spansOf(lines, null)}
        duration={duration}
      />
      {lanes.map((lane) => (
        <PersonLanes key={lane.participant} {...props} lane={lane} person={people.get(lane.participant)!} />
      ))}
      {others.map((file) => (
        <Lanes key={file.file}>
          <Lane kind="kept" label={<FileLabel kept={file} player={player} />}>
            <KeptTrack runs={file.runs} people={people} owner={null} duration={duration} onPoint={onPoint} />
          </Lane>
        </Lanes>
      ))}
    </>
  );
}

/** All that is in it has room: files may be longer than the meeting, and closes come after its end. */
function axisOf({ duration_s, kept, connections }: MeetingReport): number {
  const ends = (kept ?? []).flatMap(({ runs }) => runs.map(({ at_s, length_s }) => at_s + length_s));
  return Math.max(0.1, duration_s, ...ends, ...connections.map(({ closed_s }) => closed_s ?? 0));
}

function loudestOf({ lanes }: MeetingReport): number {
  return lanes.reduce((most, { peaks }) => peaks.reduce((a, b) => Math.max(a, b), most), 1);
}

/** Connections that carry several participants, or none. */
function sharedBarsOf({ connections, wire }: MeetingReport, duration: number) {
  const shared = connections.filter(({ participants }) => participants.length !== 1);
  return barsOf(shared, wire, duration);
}

function Facts({ meeting }: { readonly meeting: MeetingReport }) {
  const { duration_s, speed, frames, connections, recording_id } = meeting;
  const refused = connections.filter(({ opened_s, error }) => opened_s === null && error !== null).length;
  return (
    <ul class="meeting-facts">
      <li>{timeText(duration_s)}</li>
      <li>{speed === 1 ? 'in real time' : `${speed}× as fast as life`}</li>
      <li>
        {countOf(connections.length, 'connection')}
        {refused > 0 && <b>, {refused} never opened</b>}
      </li>
      {frames !== null && (
        <li>
          {frames.sent} of {countOf(frames.scheduled, 'frame')} sent
          {frames.dropped > 0 && <b>, {frames.dropped} dropped</b>}
        </li>
      )}
      <li>
        recording <code>{recording_id}</code>
      </li>
    </ul>
  );
}
