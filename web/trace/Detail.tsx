/** What is open: a frame, a stretch, or something that happened. */
import { Badge } from '../lanes/Badge.tsx';
import { nameOf } from '../lanes/people.ts';
import { spanText, timeText } from '../lanes/time.ts';
import { FrameDetail } from './FrameDetail.tsx';
import { Json } from './Json.tsx';
import { type Happening, type MeetingTrace, outcomeOf, type PersonTrace, SAMPLE_RATE } from './meeting.ts';
import { PlayButton } from './PlayButton.tsx';
import { countOf, type Picked } from './picked.ts';
import type { Player } from './sound.ts';

export interface DetailProps {
  readonly meeting: MeetingTrace;
  readonly picked: Picked | undefined;
  readonly player: Player;
  readonly onPick: (picked: Picked | undefined) => void;
}

export function Detail(props: DetailProps) {
  const { picked, meeting } = props;
  return (
    <section class="detail" aria-label="Details" aria-live="polite">
      {picked === undefined && (
        <p class="hint">
          Click on a frame to read its message and to hear it. Drag over a stretch to hear everybody in it,
          and to see what happened.
        </p>
      )}
      {picked?.kind === 'frame' && <FrameDetail {...props} picked={picked} />}
      {picked?.kind === 'stretch' && <StretchDetail {...props} stretch={picked.stretch} />}
      {picked?.kind === 'happening' && (
        <HappeningDetail happening={meeting.happenings.find(({ id }) => id === picked.id)} />
      )}
    </section>
  );
}

function HappeningDetail({ happening }: { readonly happening: Happening | undefined }) {
  if (happening === undefined) return null;
  const { at, kind, title, detail, json, isWrong } = happening;
  return (
    <>
      <h2>
        {timeText(at, 3)} <span class="soft">{kind}</span>
      </h2>
      <p class={isWrong ? 'wrong-text' : undefined}>
        <bdi>{title}</bdi> <span class="soft">{detail}</span>
      </p>
      {json !== undefined && <Json value={json} />}
    </>
  );
}

interface StretchDetailProps extends DetailProps {
  readonly stretch: { readonly from: number; readonly to: number };
}

function StretchDetail({ meeting, player, stretch }: StretchDetailProps) {
  const start = Math.round(stretch.from * SAMPLE_RATE);
  const samples = Math.round((stretch.to - stretch.from) * SAMPLE_RATE);
  return (
    <>
      <h2>
        {spanText(stretch.from, stretch.to)}
        <PlayButton
          label="everybody"
          player={player}
          onPlay={() => player.play(meeting.people, start, samples)}
        />
      </h2>
      <ul class="counts">
        {meeting.people.map((each) => {
          const { sent, lost } = countsOf(meeting, each, stretch);
          if (sent + lost === 0) return null;
          return (
            <li key={each.place}>
              <Badge person={each.person} />
              <bdi class="name">{nameOf(each.person)}</bdi>
              <span>
                {countOf(sent, 'frame')}
                {lost > 0 && <b class="wrong-text">, {lost} lost</b>}
              </span>
              <PlayButton
                label={nameOf(each.person)}
                player={player}
                onPlay={() => player.play([each], start, samples)}
              />
            </li>
          );
        })}
      </ul>
    </>
  );
}

function countsOf(
  { frames }: MeetingTrace,
  { rows }: PersonTrace,
  { from, to }: StretchDetailProps['stretch'],
) {
  let sent = 0;
  let lost = 0;
  for (const row of rows) {
    const at = frames.startSample[row]! / SAMPLE_RATE;
    if (at < from || at >= to) continue;
    if (outcomeOf(frames, row) === 'sent') sent++;
    else lost++;
  }
  return { sent, lost };
}
