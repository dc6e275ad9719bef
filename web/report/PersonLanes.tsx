/** The lanes of one participant: sent, the wire, what was found wrong, and what was kept of it. */
import { useMemo } from 'preact/hooks';
import type { CaseResult, KeptReport, MeetingReport, Lane as SentLane } from '../../src/check/report.ts';
import { ConnectionLanes } from '../lanes/ConnectionLanes.tsx';
import { barsOf } from '../lanes/ConnectionTrack.tsx';
import { FindingLanes } from '../lanes/FindingLanes.tsx';
import { type KeptRun, KeptTrack, Ribbons } from '../lanes/KeptTrack.tsx';
import { Lane } from '../lanes/Lane.tsx';
import { Lanes } from '../lanes/Lanes.tsx';
import { PersonLabel } from '../lanes/PersonLabel.tsx';
import type { Person } from '../lanes/people.ts';
import { SentTrack } from '../lanes/SentTrack.tsx';
import { spansOf } from '../lanes/spans.ts';
import { FileLabel } from './FileLabel.tsx';
import type { Player } from './usePlayer.ts';

interface PersonLanesProps {
  readonly meeting: MeetingReport;
  readonly lane: SentLane;
  readonly person: Person;
  readonly people: ReadonlyMap<number, Person>;
  readonly duration: number;
  /** The loudest peak of the meeting. */
  readonly loudest: number;
  /** What was found in the meeting. */
  readonly lines: CaseResult['lines'];
  readonly onPoint: (run: KeptRun | undefined) => void;
  readonly player: Player;
}

export function PersonLanes(props: PersonLanesProps) {
  const { meeting, lane, person, people, duration, loudest, lines, onPoint, player } = props;
  const bars = useMemo(() => {
    const own = meeting.connections.filter(
      ({ participants }) => participants.length === 1 && participants[0] === person.id,
    );
    return barsOf(own, meeting.wire, duration);
  }, [meeting, person, duration]);
  return (
    <Lanes>
      <Lane kind="sent" label={<PersonLabel person={person}>{person.id}</PersonLabel>}>
        <SentTrack lane={lane} person={person} duration={duration} loudest={loudest} />
      </Lane>
      <ConnectionLanes bars={bars} duration={duration} />
      <FindingLanes spans={spansOf(lines, person.id)} duration={duration} />
      <KeptLanes {...{ meeting, lane, person, people, duration, onPoint, player }} />
    </Lanes>
  );
}

type KeptLanesProps = Pick<
  PersonLanesProps,
  'meeting' | 'lane' | 'person' | 'people' | 'duration' | 'onPoint' | 'player'
>;

function KeptLanes({ meeting, lane, person, people, duration, onPoint, player }: KeptLanesProps) {
  const { kept } = meeting;
  if (kept === null) return null;
  const files = kept.filter(({ participant }) => participant === person.id);
  if (files.length === 0 && lane.unmuted.length > 0) {
    return (
      <Lane kind="kept" label={<span class="nothing">no file</span>}>
        <div class="no-file">no file of their own was kept</div>
      </Lane>
    );
  }
  return (
    <>
      {files.map((file, index) => (
        <KeptFile
          key={file.file}
          file={file}
          // Of a second file the ribbons would cross the first.
          ribbons={index === 0}
          {...{ person, people, duration, onPoint, player }}
        />
      ))}
    </>
  );
}

interface KeptFileProps
  extends Pick<PersonLanesProps, 'person' | 'people' | 'duration' | 'onPoint' | 'player'> {
  readonly file: KeptReport;
  readonly ribbons: boolean;
}

function KeptFile({ file, ribbons, person, people, duration, onPoint, player }: KeptFileProps) {
  return (
    <>
      {ribbons && (
        <Lane kind="ribbons">
          <Ribbons runs={file.runs} owner={person} duration={duration} />
        </Lane>
      )}
      <Lane kind="kept" label={<FileLabel kept={file} player={player} />}>
        {file.runs.length === 0 ? (
          <div class="no-file">nothing is in it</div>
        ) : (
          <KeptTrack
            runs={file.runs}
            people={people}
            owner={person.id}
            duration={duration}
            onPoint={onPoint}
          />
        )}
      </Lane>
    </>
  );
}
