/** The lanes of one participant: what was sent, frame by frame, the connections, and what was kept of it. */
import { Fragment } from 'preact';
import { useMemo } from 'preact/hooks';
import { ConnectionLanes } from '../lanes/ConnectionLanes.tsx';
import { barsOf } from '../lanes/ConnectionTrack.tsx';
import { FindingLanes } from '../lanes/FindingLanes.tsx';
import { type FrameList, FramesTrack } from '../lanes/FramesTrack.tsx';
import { type KeptRun, KeptTrack, Ribbons } from '../lanes/KeptTrack.tsx';
import { Lane } from '../lanes/Lane.tsx';
import { Lanes } from '../lanes/Lanes.tsx';
import { PersonLabel } from '../lanes/PersonLabel.tsx';
import type { Person } from '../lanes/people.ts';
import { SentTrack } from '../lanes/SentTrack.tsx';
import { spansOf } from '../lanes/spans.ts';
import { type MeetingTrace, type PersonTrace, SAMPLE_RATE } from './meeting.ts';
import type { Picked } from './picked.ts';

interface PersonLanesProps {
  readonly meeting: MeetingTrace;
  readonly of: PersonTrace;
  readonly people: ReadonlyMap<number, Person>;
  readonly duration: number;
  /** The loudest peak of the meeting. */
  readonly loudest: number;
  readonly picked: Picked | undefined;
  readonly onPick: (picked: Picked) => void;
  readonly onPoint: (run: KeptRun | undefined) => void;
}

export function PersonLanes(props: PersonLanesProps) {
  const { meeting, of, people, duration, loudest, picked, onPick, onPoint } = props;
  const { person, lane, place } = of;
  const frames = useMemo(() => frameList(meeting, of), [meeting, of]);
  const bars = useMemo(() => {
    const own = meeting.connections.filter(
      ({ participants }) => participants.length === 1 && participants[0] === person.id,
    );
    return barsOf(own, meeting.refusals, duration);
  }, [meeting, person, duration]);
  const spans = useMemo(() => spansOf(meeting.checked?.lines ?? [], person.id), [meeting, person]);
  return (
    <Lanes>
      <Lane kind="sent" label={<PersonLabel person={person}>{person.id}</PersonLabel>}>
        <SentTrack lane={lane} person={person} duration={duration} loudest={loudest} />
      </Lane>
      {frames.length > 0 && (
        <Lane kind="frames" label="frames">
          <FramesTrack
            frames={frames}
            duration={duration}
            tone={person.tone}
            picked={picked?.kind === 'frame' && picked.place === place ? picked.index : undefined}
            onPick={(index) => onPick({ kind: 'frame', place, index })}
          />
        </Lane>
      )}
      <ConnectionLanes bars={bars} duration={duration} />
      <FindingLanes spans={spans} duration={duration} />
      <KeptLanes meeting={meeting} person={person} people={people} duration={duration} onPoint={onPoint} />
    </Lanes>
  );
}

/** What was kept under the name of somebody, with ribbons from where it was sent. */
function KeptLanes({
  meeting: { checked },
  person,
  people,
  duration,
  onPoint,
}: Pick<PersonLanesProps, 'meeting' | 'people' | 'duration' | 'onPoint'> & { readonly person: Person }) {
  const files = (checked?.meeting.kept ?? []).filter(({ participant }) => participant === person.id);
  return (
    <>
      {files.map(({ file, runs }, index) => (
        <Fragment key={file}>
          {index === 0 && (
            <Lane kind="ribbons">
              <Ribbons runs={runs} owner={person} duration={duration} />
            </Lane>
          )}
          <Lane kind="kept" label={<bdi title={file}>kept: {file.split(/[/\\]/).at(-1)}</bdi>}>
            <KeptTrack runs={runs} people={people} owner={person.id} duration={duration} onPoint={onPoint} />
          </Lane>
        </Fragment>
      ))}
    </>
  );
}

function frameList({ frames }: MeetingTrace, { rows }: PersonTrace): FrameList {
  const { startSample, samples, outcome } = frames;
  return {
    length: rows.length,
    startSeconds: (index) => startSample[rows[index]!]! / SAMPLE_RATE,
    endSeconds: (index) => (startSample[rows[index]!]! + samples[rows[index]!]!) / SAMPLE_RATE,
    isLost: (index) => outcome[rows[index]!] !== 0,
  };
}
