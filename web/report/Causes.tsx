/** What is wrong, in the receiver's terms: cause, what shows it, what to do. */
import type { ComponentChildren } from 'preact';
import type { CaseResult, CauseReport } from '../../src/check/report.ts';
import { caseAt, linkOf } from './route.ts';
import { StatusMark } from './StatusMark.tsx';
import { Words } from './Words.tsx';
import { countOf, statusOf } from './words.ts';

interface CausesProps {
  readonly causes: readonly CauseReport[];
  readonly cases: readonly CaseResult[];
}

export function Causes({ causes, cases }: CausesProps) {
  if (causes.length === 0) return null;
  return (
    <section aria-labelledby="causes">
      <h2 id="causes">What is wrong</h2>
      {causes.map((cause) => (
        <Cause key={cause.code} cause={cause}>
          <p class="shows-in">
            Shows in {countOf(cause.cases.length, 'case')}:{' '}
            {cause.cases.map((id) => {
              const result = caseAt(`#${encodeURIComponent(id)}`, cases);
              return result === undefined ? (
                <code key={id}>{id}</code>
              ) : (
                <a key={id} class="case-link" href={linkOf(result)}>
                  <StatusMark status={statusOf(result)} size={12} silent />
                  {id}
                </a>
              );
            })}
          </p>
        </Cause>
      ))}
    </section>
  );
}

const CERTAINTY = {
  certain: 'Nothing else shows like this.',
  likely: 'It fits; something that nobody has named may fit, too.',
} as const;

interface CauseProps {
  readonly cause: CaseResult['diagnoses'][number];
  readonly children?: ComponentChildren;
}

export function Cause({ cause, children }: CauseProps) {
  return (
    <article class="cause">
      <h3>
        <Words text={cause.text} />
      </h3>
      <CauseBody cause={cause} />
      {children}
    </article>
  );
}

/** All but its sentence. */
export function CauseBody({ cause }: Pick<CauseProps, 'cause'>) {
  const { code, certainty, evidence, remedy } = cause;
  return (
    <>
      <p class="kind">
        <code>{code}</code>
        {code !== 'unknown' && <span title={CERTAINTY[certainty]}>{certainty}</span>}
      </p>
      {evidence.length > 0 && (
        <ul class="evidence" aria-label="Evidence">
          {evidence.map((line) => (
            <li key={line}>
              <Words text={line} />
            </li>
          ))}
        </ul>
      )}
      <Remedy text={remedy} />
    </>
  );
}

export function Remedy({ text }: { readonly text: string }) {
  if (text === '') return null;
  return (
    <p class="remedy">
      <b>What to do</b> <Words text={text} />
    </p>
  );
}
