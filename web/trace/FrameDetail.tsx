/** One frame: what became of it, its message, its sound, and the frames beside it. */
import { useMemo } from 'preact/hooks';
import { Badge } from '../lanes/Badge.tsx';
import { nameOf } from '../lanes/people.ts';
import { timeText } from '../lanes/time.ts';
import type { DetailProps } from './Detail.tsx';
import { Json } from './Json.tsx';
import { type MeetingTrace, outcomeOf, type PersonTrace, SAMPLE_RATE } from './meeting.ts';
import { messageOf } from './message.ts';
import { PlayButton } from './PlayButton.tsx';
import type { Picked } from './picked.ts';

interface FrameDetailProps extends DetailProps {
  readonly picked: Extract<Picked, { kind: 'frame' }>;
}

/** A frame is short: some of what comes before and behind it says what it is about. */
const AROUND_SAMPLES = SAMPLE_RATE;

export function FrameDetail({ meeting, picked, player, onPick }: FrameDetailProps) {
  const of = meeting.people.find(({ place }) => place === picked.place);
  const row = of?.rows[picked.index];
  const message = useMemo(
    () => (of === undefined || row === undefined ? undefined : messageOf(meeting, of, row)),
    [meeting, of, row],
  );
  if (of === undefined || row === undefined) return null;
  const start = meeting.frames.startSample[row]!;
  const samples = meeting.frames.samples[row]!;
  const go = (index: number) => () => onPick({ ...picked, index });
  return (
    <>
      <h2>
        <Badge person={of.person} />
        <bdi class="name">{nameOf(of.person)}</bdi>
        <span class="steps">
          <button
            type="button"
            aria-label="Frame before"
            disabled={picked.index === 0}
            onClick={go(picked.index - 1)}
          >
            ‹
          </button>
          <button
            type="button"
            aria-label="Next frame"
            disabled={picked.index === of.rows.length - 1}
            onClick={go(picked.index + 1)}
          >
            ›
          </button>
        </span>
      </h2>
      <p>
        {timeText(start / SAMPLE_RATE, 4)}, {timeText(samples / SAMPLE_RATE, 4)} long
        <PlayButton label="this frame" player={player} onPlay={() => player.play([of], start, samples)} />
        <button
          type="button"
          class="quiet"
          onClick={() => {
            const from = Math.max(0, start - AROUND_SAMPLES);
            player.play([of], from, start + samples + AROUND_SAMPLES - from);
          }}
        >
          with a second around it
        </button>
      </p>
      <Fate meeting={meeting} of={of} row={row} />
      <Json value={message} />
    </>
  );
}

interface FateProps {
  readonly meeting: MeetingTrace;
  readonly of: PersonTrace;
  readonly row: number;
}

const LOST_BECAUSE = {
  disconnected: 'there was no connection, or it broke before the frame left',
  slow_receiver: 'the receiver did not read, and the backlog was full',
  reconnecting: 'in the gap of a reconnect that was asked for',
  on_demand: 'while a loss lasted that was asked for',
  endpoint_failed: 'the endpoint had failed for good',
  fault: 'a fault that was asked for lost it',
} as const;

/** What became of it, on each connection that it went to. */
function Fate({ meeting: { frames, accounts, head }, of, row }: FateProps) {
  const start = frames.startSample[row]!;
  const all = [...of.rows].filter((each) => frames.startSample[each] === start);
  return (
    <ul class="fate">
      {all.map((each) => {
        const outcome = outcomeOf(frames, each);
        const { connection = 0 } = accounts.get(frames.account[each]!) ?? {};
        const at = frames.atTenths[each]! / 10_000;
        const after = at - (start + frames.samples[each]!) / SAMPLE_RATE;
        const where = connection === 0 ? '' : ` #${connection}`;
        const how = head.kind === 'received' ? `came over${where}` : `went out over${where}`;
        return (
          <li key={each} class={outcome === 'sent' ? undefined : 'wrong-text'}>
            {outcome === 'sent'
              ? `${connection === 0 ? 'recorded' : how} at ${timeText(at, 4)}${lateText(after)}`
              : `not sent${where}: ${LOST_BECAUSE[outcome]}`}
          </li>
        );
      })}
    </ul>
  );
}

/** How long after its last sample. */
function lateText(seconds: number): string {
  if (Math.abs(seconds) < 0.000_05) return '';
  return `, ${Math.abs(seconds * 1_000).toFixed(1)} ms ${seconds < 0 ? 'before' : 'after'} its last sample`;
}
