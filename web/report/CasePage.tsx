/** One case in one topology: what was played and why, what came of it, and the lanes of its meetings. */
import { useMemo } from 'preact/hooks';
import type { CaseResult, MeetingReport } from '../../src/check/report.ts';
import { Cause, CauseBody, Remedy } from './Causes.tsx';
import { Findings, meetingId } from './Findings.tsx';
import { MeetingView } from './MeetingView.tsx';
import { ProcessFigures } from './ProcessFigures.tsx';
import { linkOf, OVERVIEW } from './route.ts';
import { StatusMark } from './StatusMark.tsx';
import { Words } from './Words.tsx';
import { STATUS_MEANS, STATUS_WORDS, sentence, statusOf, TOPOLOGY_WORDS } from './words.ts';

interface CasePageProps {
  readonly result: CaseResult;
  readonly all: readonly CaseResult[];
  readonly before: CaseResult | undefined;
  readonly after: CaseResult | undefined;
}

export function CasePage({ result, all, before, after }: CasePageProps) {
  const status = statusOf(result);
  const { meetings, diagnoses, lines } = result;
  const linesOf = useMemo(() => {
    const of = new Map(
      meetings.map(({ recording_id: id }) => [id, lines.filter((line) => line.recording_id === id)]),
    );
    return ({ recording_id }: MeetingReport) => of.get(recording_id)!;
  }, [result]);
  const others = diagnoses.filter((diagnosis) => diagnosis !== headOf(result));
  return (
    <>
      <CaseHead result={result} all={all} before={before} after={after} />
      <Outcome result={result} />
      {others.length > 0 && (
        <section aria-labelledby="diagnosis">
          <h2 id="diagnosis">{others.length === diagnoses.length ? 'Diagnosis' : 'Further diagnoses'}</h2>
          {others.map((cause) => (
            <Cause key={`${cause.code} ${cause.text}`} cause={cause} />
          ))}
        </section>
      )}
      {!isSaid(result) && <Findings lines={lines} meetings={meetings} />}
      {meetings.map((meeting, index) => (
        <MeetingView
          key={meeting.recording_id}
          id={meetingId(index + 1)}
          meeting={meeting}
          title={meetings.length === 1 ? 'The meeting' : `Meeting ${index + 1} of ${meetings.length}`}
          lines={linesOf(meeting)}
        />
      ))}
      <ProcessFigures samples={result.process?.samples ?? []} />
      <section class="about" aria-labelledby="about">
        <h2 id="about">About this case</h2>
        <dl>
          <dt>Why it matters</dt>
          <dd>
            <Words text={result.why} />
          </dd>
          <dt>Known from</dt>
          <dd>
            <Words text={result.source} />
          </dd>
          {status !== 'fail' && status !== 'warn' && (
            <>
              <dt>How to get it right</dt>
              <dd>
                <Words text={result.remedy} />
              </dd>
            </>
          )}
        </dl>
      </section>
    </>
  );
}

function CaseHead({ result, all, before, after }: CasePageProps) {
  const siblings = all.filter(({ id }) => id === result.id);
  return (
    <header class="case-head">
      <nav class="steps" aria-label="Cases">
        <a class="back" href={OVERVIEW}>
          ← Overview
        </a>
        {before !== undefined && (
          <a href={linkOf(before)} rel="prev" title={before.id}>
            ‹ previous
          </a>
        )}
        {after !== undefined && (
          <a href={linkOf(after)} rel="next" title={after.id}>
            next ›
          </a>
        )}
      </nav>
      <p class="product">
        <code>{result.id}</code>
      </p>
      <h1>
        <StatusMark status={statusOf(result)} size={28} />
        <span>
          <Words text={sentence(result.title)} />
        </span>
      </h1>
      <p class="lead">
        What must hold: <Words text={result.expects} />
      </p>
      <ul class="topologies" aria-label="Connections">
        {siblings.map((sibling) => (
          <li key={sibling.connections}>
            <a href={linkOf(sibling)} aria-current={sibling === result ? 'page' : undefined}>
              <StatusMark status={statusOf(sibling)} size={14} />
              {TOPOLOGY_WORDS[sibling.connections]}
            </a>
          </li>
        ))}
      </ul>
    </header>
  );
}

/** The diagnosis that the headline is taken from. */
function headOf({ headline, diagnoses }: CaseResult): CaseResult['diagnoses'][number] | undefined {
  return diagnoses.find(({ text }) => text === headline);
}

/** Whether the headline is all that was found, and there is no question of where. */
function isSaid({ headline, lines, meetings }: CaseResult): boolean {
  return lines.length === 0 || (lines.length === 1 && lines[0]!.text === headline && meetings.length < 2);
}

/** The first line of the case, why, and what to do. */
function Outcome({ result }: { readonly result: CaseResult }) {
  const status = statusOf(result);
  const { headline, unseen, remedy } = result;
  const cause = headOf(result);
  const isWrong = status === 'fail' || status === 'warn' || status === 'known';
  return (
    <div class={`outcome outcome-${status}`}>
      <p class="headline">
        <b>{sentence(STATUS_WORDS[status])}.</b>{' '}
        {headline === '' ? STATUS_MEANS[status] : <Words text={sentence(headline)} />}
      </p>
      {unseen.map((text) => (
        <p key={text}>
          Nobody could see <Words text={text} />.
        </p>
      ))}
      {cause !== undefined ? <CauseBody cause={cause} /> : isWrong && <Remedy text={remedy} />}
    </div>
  );
}
