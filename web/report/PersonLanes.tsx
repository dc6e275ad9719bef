/** The lanes of one participant: sent, the wire, what was found wrong, and what was kept of it. */
import { useMemo } from 'preact/hooks';
import type { CaseResult, KeptReport, MeetingReport, Lane as SentLane } from '../../src/check/report.ts';
import { Badge } from '../lanes/Badge.tsx';
import { barsOf, ConnectionTrack } from '../lanes/ConnectionTrack.tsx';
import { type KeptRun, KeptTrack, Ribbons } from '../lanes/KeptTrack.tsx';
import { Lane } from '../lanes/Lane.tsx';
import { nameOf, type Person, shortNameOf } from '../lanes/people.ts';
import { rowsOf } from '../lanes/rows.ts';
import { SentTrack } from '../lanes/SentTrack.tsx';
import { type LabelledSpan, SpanTrack } from '../lanes/SpanTrack.tsx';
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
  /** Findings about this participant. */
  readonly lines: CaseResult['lines'];
  /** The run of a file that the pointer is over. */
  readonly pointed: KeptRun | undefined;
  readonly onPoint: (run: KeptRun | undefined) => void;
  readonly player: Player;
}

/** The list of what was found has them all. */
const MAX_SPANS = 5;

export function PersonLanes(props: PersonLanesProps) {
  const { meeting, lane, person, people, duration, loudest, lines, pointed, onPoint, player } = props;
  const rows = useMemo(() => {
    const own = meeting.connections.filter(
      ({ participants }) => participants.length === 1 && participants[0] === person.id,
    );
    return rowsOf(barsOf(own, meeting.wire, duration));
  }, [meeting, person, duration]);
  // The pointer goes over run after run: what does not change with it is drawn once.
  const kept = useMemo(
    () => <KeptLanes {...{ meeting, lane, person, people, duration, onPoint, player }} />,
    [meeting, lane, person, people, duration, onPoint, player.playing],
  );
  const spans = spansOf(lines);
  return (
    <div class="lanes">
      <Lane
        kind="sent"
        label={
          <>
            <Badge person={person} />
            <span class="who">
              <bdi title={nameOf(person)}>{shortNameOf(person)}</bdi>
              <small>{person.id}</small>
            </span>
          </>
        }
      >
        <SentTrack
          lane={lane}
          person={person}
          duration={duration}
          loudest={loudest}
          highlight={sourceOf(pointed, person)}
        />
      </Lane>
      {rows.map((bars, index) => (
        <Lane key={bars[0]!.connection.number} kind="wire" label={index === 0 ? 'connections' : undefined}>
          <ConnectionTrack bars={bars} duration={duration} />
        </Lane>
      ))}
      {spans.slice(0, MAX_SPANS).map((span) => (
        <Lane key={`${span.from} ${span.text}`} kind="findings">
          <SpanTrack span={span} duration={duration} />
        </Lane>
      ))}
      {kept}
    </div>
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

/** What is wrong at a known time. */
function spansOf(lines: CaseResult['lines']): LabelledSpan[] {
  return lines.flatMap(({ from_s, to_s, severity, text }) =>
    from_s === null || to_s === null || to_s <= from_s
      ? []
      : [{ from: from_s, to: to_s, tone: severity, text }],
  );
}

/** Where that which the pointer is over was sent, if this participant sent it. */
function sourceOf(run: KeptRun | undefined, { id }: Person): { from: number; to: number } | undefined {
  if (run === undefined || run.participant !== id || run.from_s === null) return undefined;
  return { from: run.from_s, to: run.from_s + run.length_s };
}
