/** What the run came to: the verdict, the counts, and what is wrong with the receiver. */
import type { ComponentChildren } from 'preact';
import type { CheckReport } from '../../src/check/report.ts';
import { Causes } from './Causes.tsx';
import { StatusMark } from './StatusMark.tsx';
import { Words } from './Words.tsx';
import { KEEPS_WORDS, STATUS_MEANS, STATUS_WORDS, STATUSES, type Status, sentence } from './words.ts';

export function Overview({ report }: { readonly report: CheckReport }) {
  const { counts, causes, fixed, interrupted, verdict } = report;
  const unseen = new Set(report.cases.flatMap((result) => result.unseen));
  // How many, then why.
  const [, first = verdict, cause = ''] = /^(.*? failed)\. (.+)$/s.exec(verdict) ?? [];
  return (
    <>
      <header class="verdict-head">
        <p class="product">recall-emulator check</p>
        <h1>
          <StatusMark status={statusOfRun(report)} size={32} silent />
          <span>
            <Words text={sentence(first)} />
          </span>
        </h1>
        {cause !== '' && (
          <p class="lead">
            <Words text={sentence(cause)} />
          </p>
        )}
        <Counts counts={counts} />
        {interrupted && (
          <p class="notice">It was ended before all cases were played: what follows is not the whole.</p>
        )}
        {fixed.length > 0 && (
          <p class="notice">
            Expected to fail, and passed: {fixed.join(', ')}. Take them off the list of what is known.
          </p>
        )}
        {[...unseen].map((text) => (
          <p key={text} class="notice">
            Nobody could see <Words text={text} />.
          </p>
        ))}
        <Facts report={report} />
      </header>
      <Causes causes={causes} cases={report.cases} />
    </>
  );
}

function statusOfRun({ ok, counts }: CheckReport): Status {
  if (!ok) return 'fail';
  if (counts.warn > 0) return 'warn';
  return counts.not_seen > 0 ? 'not_seen' : 'pass';
}

function Counts({ counts }: Pick<CheckReport, 'counts'>) {
  const present = STATUSES.filter((status) => counts[status] > 0);
  return (
    <>
      <div class="bar" aria-hidden="true">
        {present.map((status) => (
          <span key={status} class={`bar-${status}`} style={{ flexGrow: counts[status] }} />
        ))}
      </div>
      <ul class="counts">
        {present.map((status) => (
          <li key={status} title={STATUS_MEANS[status]}>
            <StatusMark status={status} silent />
            <b>{counts[status]}</b> {STATUS_WORDS[status]}
          </li>
        ))}
      </ul>
    </>
  );
}

function Facts({ report }: { readonly report: CheckReport }) {
  const keeps = KEEPS_WORDS[report.keeps];
  return (
    <dl class="facts">
      <Fact name="Receiver">
        <code>{report.url}</code>
      </Fact>
      <Fact name="Played">
        <time dateTime={report.started_at}>{report.started_at.slice(0, 16).replace('T', ' ')} UTC</time>, in{' '}
        {report.duration_s.toFixed(1)} s
      </Fact>
      <Fact name="Seed">
        <code class="flag">--seed {report.seed}</code>
      </Fact>
      {keeps !== undefined && <Fact name="Silence of mutes">{keeps}</Fact>}
    </dl>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
