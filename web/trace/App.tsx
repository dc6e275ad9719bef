/** The page of a trace: what it is of, its meetings to choose from, and one of them. */
import { useMemo, useState } from 'preact/hooks';
import { timeText } from '../lanes/time.ts';
import { MeetingPage } from './MeetingPage.tsx';
import { type MeetingTrace, meetingOf } from './meeting.ts';
import { countOf } from './picked.ts';
import type { MeetingBlocks } from './read.ts';

export function App({ meetings }: { readonly meetings: readonly MeetingBlocks[] }) {
  const [place, setPlace] = useState(0);
  const blocks = meetings[place];
  const meeting = useMemo(() => (blocks === undefined ? undefined : meetingOf(blocks)), [blocks]);
  if (meeting === undefined) {
    return (
      <main class="empty">
        <h1>There is no meeting in this trace.</h1>
        <p>Nothing was sent, or nothing came, while it was written.</p>
      </main>
    );
  }
  return (
    <main>
      <header class="trace-head">
        <p class="product">recall-emulator trace</p>
        <h1>
          <bdi>{meeting.head.title}</bdi>
        </h1>
        {meetings.length > 1 && (
          <label class="chooser">
            Meeting
            <select
              value={String(place)}
              onChange={({ currentTarget }) => setPlace(Number(currentTarget.value))}
            >
              {meetings.map(({ head, rows }, index) => (
                <option key={index} value={String(index)}>
                  {hasFailed(rows) ? '✘ ' : ''}
                  {index + 1} of {meetings.length}: {head.title} {head.subtitle}
                </option>
              ))}
            </select>
          </label>
        )}
        <Facts meeting={meeting} />
        <Outcome meeting={meeting} />
      </header>
      <MeetingPage key={place} meeting={meeting} />
    </main>
  );
}

function hasFailed(rows: MeetingBlocks['rows']): boolean {
  return rows.some((row) => row.kind === 'end' && row.ok === false);
}

function Facts({ meeting }: { readonly meeting: MeetingTrace }) {
  const { head, end, people, connections, frames, durationSeconds } = meeting;
  const counted = end?.frames ?? null;
  return (
    <ul class="meeting-facts">
      {head.subtitle !== '' && (
        <li>
          <bdi>{head.subtitle}</bdi>
        </li>
      )}
      <li>{timeText(durationSeconds)}</li>
      <li>{countOf(people.length, 'participant')}</li>
      {connections.length > 0 && <li>{countOf(connections.length, 'connection')}</li>}
      <li>
        {counted === null || head.kind === 'received'
          ? countOf(counted?.scheduled ?? frames.count, 'frame')
          : `${counted.sent.toLocaleString('en')} of ${countOf(counted.scheduled, 'frame')} sent`}
        {counted !== null && counted.dropped > 0 && (
          <b class="wrong-text">, {counted.dropped.toLocaleString('en')} lost</b>
        )}
      </li>
      {head.startMicros > 0 && (
        <li>{new Date(head.startMicros / 1_000).toISOString().replace(/\.\d+Z$/, 'Z')}</li>
      )}
      <li>
        recording <code>{head.recording.id}</code>
      </li>
      {head.bot != null && (
        <li>
          bot <code>{head.bot.id}</code>
        </li>
      )}
      {head.endpoints.map(
        ({ url }) =>
          url !== '' && (
            <li key={url}>
              to <code>{url}</code>
            </li>
          ),
      )}
    </ul>
  );
}

/** The verdict, and what is known of its cause. */
function Outcome({ meeting: { end } }: { readonly meeting: MeetingTrace }) {
  if (end === undefined)
    return (
      <p class="notice">The process ended before it had written all of this trace: the end is missing.</p>
    );
  const { ok, verdict, diagnoses, soundUntil } = end;
  return (
    <>
      {verdict !== '' && (
        <div class={`outcome ${ok === false ? 'outcome-fail' : 'outcome-pass'}`}>
          <p class="headline">
            <span aria-hidden="true">{ok === false ? '✘' : '✔'}</span> <bdi>{verdict}</bdi>
          </p>
          {diagnoses.map(({ text, evidence, remedy }) => (
            <div key={text} class="cause">
              <p>
                <b>Cause:</b> <bdi>{text}</bdi>
              </p>
              <ul>
                {evidence.map((each) => (
                  <li key={each}>
                    <bdi>{each}</bdi>
                  </li>
                ))}
              </ul>
              <p>→ {remedy}</p>
            </div>
          ))}
        </div>
      )}
      {soundUntil !== null && (
        <p class="notice">From {timeText(soundUntil)} on there is no sound: the file would be too large.</p>
      )}
    </>
  );
}
