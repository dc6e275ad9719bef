/** All cases in their groups, with the verdict in each topology. */
import type { CaseResult } from '../../src/check/report.ts';
import { linkOf } from './route.ts';
import { StatusMark } from './StatusMark.tsx';
import { Words } from './Words.tsx';
import {
  countOf,
  groupOf,
  STATUS_WORDS,
  STATUSES,
  sentence,
  statusOf,
  TOPOLOGIES,
  TOPOLOGY_SHORT,
  TOPOLOGY_WORDS,
  worstOf,
} from './words.ts';

interface MatrixProps {
  readonly cases: readonly CaseResult[];
  /** How many there are without a filter. */
  readonly total: number;
  /** The one that is open. */
  readonly current: CaseResult | undefined;
}

export function Matrix({ cases, total, current }: MatrixProps) {
  if (total === 0) return <p class="empty">No case was played.</p>;
  if (cases.length === 0) return <p class="empty">No case is like that. Escape in the search shows all.</p>;
  const topologies = TOPOLOGIES.filter((each) => cases.some(({ connections }) => connections === each));
  return (
    <table class="matrix">
      <thead>
        <tr>
          <th scope="col" rowSpan={2}>
            Case
          </th>
          <th scope="colgroup" colSpan={topologies.length} class="verdict">
            Connections
          </th>
        </tr>
        <tr>
          {topologies.map((each) => (
            <th key={each} scope="col" class="verdict" title={TOPOLOGY_WORDS[each]}>
              <span aria-hidden="true">{TOPOLOGY_SHORT[each]}</span>
              <span class="unseen">{TOPOLOGY_WORDS[each]}</span>
            </th>
          ))}
        </tr>
      </thead>
      {[...Map.groupBy(cases, ({ id }) => groupOf(id))].map(([group, members]) => (
        <Group key={group} group={group} members={members} topologies={topologies} current={current} />
      ))}
    </table>
  );
}

interface GroupProps {
  readonly group: string;
  readonly members: readonly CaseResult[];
  readonly topologies: readonly CaseResult['connections'][];
  readonly current: CaseResult | undefined;
}

function Group({ group, members, topologies, current }: GroupProps) {
  const rows = [...Map.groupBy(members, ({ id }) => id).values()];
  const tally = STATUSES.flatMap((status) => {
    const count = members.filter((result) => statusOf(result) === status).length;
    return count === 0 || status === 'pass' ? [] : [`${count} ${STATUS_WORDS[status]}`];
  });
  return (
    <tbody>
      <tr class="group">
        <th scope="rowgroup" colSpan={1 + topologies.length}>
          {group}
          <span class="tally">{tally.length === 0 ? countOf(rows.length, 'case') : tally.join(', ')}</span>
        </th>
      </tr>
      {rows.map((results) => (
        <Row key={results[0]!.id} results={results} topologies={topologies} current={current} />
      ))}
    </tbody>
  );
}

function Row({
  results,
  topologies,
  current,
}: Pick<GroupProps, 'topologies' | 'current'> & { readonly results: readonly CaseResult[] }) {
  const worst = worstOf(results);
  const first = results.find((result) => statusOf(result) === worst)!;
  return (
    <tr class={results.includes(current!) ? 'current' : undefined}>
      <th scope="row">
        <a class="case" href={linkOf(first)}>
          <span class="title">
            <Words text={sentence(first.title)} />
          </span>
          <code>{first.id}</code>
        </a>
        {first.headline !== '' && (
          <p class="headline" title={first.headline}>
            <Words text={first.headline} />
          </p>
        )}
      </th>
      {topologies.map((connections) => {
        const result = results.find((each) => each.connections === connections);
        return (
          <td key={connections} class="verdict">
            {result === undefined ? (
              <span class="none" title="does not depend on it, or was not asked for">
                –
              </span>
            ) : (
              <a
                href={linkOf(result)}
                aria-current={result === current ? 'page' : undefined}
                aria-label={`${result.id}, ${TOPOLOGY_WORDS[connections]}: ${STATUS_WORDS[statusOf(result)]}`}
                title={`${TOPOLOGY_WORDS[connections]}: ${STATUS_WORDS[statusOf(result)]}`}
              >
                <StatusMark status={statusOf(result)} size={18} silent />
              </a>
            )}
          </td>
        );
      })}
    </tr>
  );
}
