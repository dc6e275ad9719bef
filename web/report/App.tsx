/** The page: an overview of the run, or one case beside the list of all. */
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { CheckReport } from '../../src/check/report.ts';
import { CasePage } from './CasePage.tsx';
import { FilterBar } from './FilterBar.tsx';
import { EVERYTHING, type Filter, filtered } from './filter.ts';
import { Matrix } from './Matrix.tsx';
import { Overview } from './Overview.tsx';
import { caseAt, linkOf, OVERVIEW, useHash } from './route.ts';
import { STATUS_WORDS, statusOf } from './words.ts';

export function App({ report }: { readonly report: CheckReport }) {
  const [filter, setFilter] = useState<Filter>(EVERYTHING);
  const hash = useHash();
  const shown = caseAt(hash, report.cases);
  const cases = useMemo(() => filtered(report.cases, filter), [report, filter]);
  const top = useRef<HTMLElement>(null);
  useEffect(() => {
    document.title =
      shown === undefined
        ? `${report.ok ? '✔' : '✘'} ${report.verdict} – recall-emulator check`
        : `${shown.id} ${STATUS_WORDS[statusOf(shown)]} – recall-emulator check`;
    scrollTo(0, 0);
    document.querySelector('.list .current')?.scrollIntoView({ block: 'center' });
    if (hash !== '') top.current?.focus({ preventScroll: true });
  }, [hash]);
  const list = (
    <>
      <FilterBar report={report} filter={filter} onFilter={setFilter} />
      <Matrix cases={cases} total={report.cases.length} current={shown} />
    </>
  );
  if (shown === undefined) {
    return (
      <main ref={top} tabIndex={-1} class="overview">
        <Overview report={report} />
        <section aria-label="All cases">{list}</section>
      </main>
    );
  }
  const at = cases.indexOf(shown);
  return (
    <div class="with-list">
      <nav class="list" aria-label="All cases">
        <a class="back" href={OVERVIEW}>
          ← Overview
        </a>
        {list}
      </nav>
      <main ref={top} tabIndex={-1}>
        <CasePage
          key={linkOf(shown)}
          result={shown}
          all={report.cases}
          before={cases[at - 1]}
          after={at === -1 ? undefined : cases[at + 1]}
        />
      </main>
    </div>
  );
}
