/** Search and verdicts: what the list of cases shows. `/` goes to the search. */
import { useEffect, useRef } from 'preact/hooks';
import type { CheckReport } from '../../src/check/report.ts';
import { EVERYTHING, type Filter } from './filter.ts';
import { StatusMark } from './StatusMark.tsx';
import { STATUS_WORDS, STATUSES } from './words.ts';

interface FilterBarProps {
  readonly report: CheckReport;
  readonly filter: Filter;
  readonly onFilter: (filter: Filter) => void;
}

export function FilterBar({ report, filter, onFilter }: FilterBarProps) {
  const search = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.key !== '/' || event.target instanceof HTMLInputElement) return;
      event.preventDefault();
      search.current?.focus();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, []);
  return (
    <search class="filter">
      <input
        ref={search}
        type="search"
        placeholder="Search cases  /"
        aria-label="Search cases"
        value={filter.search}
        onInput={({ currentTarget }) => onFilter({ ...filter, search: currentTarget.value })}
        onKeyDown={({ key }) => key === 'Escape' && onFilter(EVERYTHING)}
      />
      <fieldset class="chips">
        <legend class="unseen">Show only</legend>
        {STATUSES.filter((status) => report.counts[status] > 0).map((status) => {
          const pressed = filter.status === status;
          return (
            <button
              key={status}
              type="button"
              class="chip"
              aria-pressed={pressed}
              onClick={() => onFilter({ ...filter, status: pressed ? undefined : status })}
            >
              <StatusMark status={status} size={14} silent />
              {report.counts[status]} {STATUS_WORDS[status]}
            </button>
          );
        })}
      </fieldset>
    </search>
  );
}
