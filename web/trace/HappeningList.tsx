/** Everything that happened, in the order of time: filtered by kind, by words, and by the stretch that is selected. */
import { useEffect, useId, useMemo, useState } from 'preact/hooks';
import type { Stretch } from '../lanes/Timeline.tsx';
import { timeText } from '../lanes/time.ts';
import type { Happening } from './meeting.ts';
import { countOf, type Picked } from './picked.ts';

interface HappeningListProps {
  readonly happenings: readonly Happening[];
  readonly stretch: Stretch | undefined;
  readonly picked: Picked | undefined;
  readonly onPick: (picked: Picked) => void;
}

const KINDS: Readonly<Record<Happening['kind'], string>> = {
  event: 'events',
  request: 'requests',
  webhook: 'webhooks',
  connection: 'connections',
  log: 'log',
};

/** So many rows are drawn, and so many more at a time. */
const SHOWN = 200;

export function HappeningList({ happenings, stretch, picked, onPick }: HappeningListProps) {
  const [words, setWords] = useState('');
  const [kind, setKind] = useState<Happening['kind'] | 'all'>('all');
  const [shown, setShown] = useState(SHOWN);
  const id = useId();
  const kinds = useMemo(() => [...new Set(happenings.map((each) => each.kind))], [happenings]);
  const found = useMemo(() => {
    const wanted = words.trim().toLowerCase();
    return happenings.filter(
      (each) =>
        (kind === 'all' || each.kind === kind) &&
        (stretch === undefined || (each.at >= stretch.from && each.at <= stretch.to)) &&
        (wanted === '' || `${each.title} ${each.detail}`.toLowerCase().includes(wanted)),
    );
  }, [happenings, kind, stretch, words]);
  useEffect(() => setShown(SHOWN), [found]);
  if (happenings.length === 0) return null;
  return (
    <section class="happenings" aria-labelledby={id}>
      <header>
        <h2 id={id}>
          What happened <span class="tally">{countOf(found.length, 'line')}</span>
        </h2>
        <fieldset class="kinds" aria-label="Kind">
          {(['all', ...kinds] as const).map((each) => (
            <button key={each} type="button" aria-pressed={kind === each} onClick={() => setKind(each)}>
              {each === 'all' ? 'all' : KINDS[each]}
            </button>
          ))}
        </fieldset>
        <input
          type="search"
          placeholder="Filter"
          aria-label="Filter by words"
          value={words}
          onInput={({ currentTarget }) => setWords(currentTarget.value)}
        />
      </header>
      <ul>
        {found.slice(0, shown).map((each) => (
          <HappeningRow
            key={each.id}
            happening={each}
            isOpen={picked?.kind === 'happening' && picked.id === each.id}
            onOpen={() => onPick({ kind: 'happening', id: each.id })}
          />
        ))}
      </ul>
      {found.length === 0 && <p class="hint">Nothing{stretch === undefined ? '' : ' in this stretch'}.</p>}
      {found.length > shown && (
        <button type="button" class="more" onClick={() => setShown(shown + SHOWN)}>
          {countOf(found.length - shown, 'more line')}
        </button>
      )}
    </section>
  );
}

interface HappeningRowProps {
  readonly happening: Happening;
  readonly isOpen: boolean;
  readonly onOpen: () => void;
}

function HappeningRow({ happening, isOpen, onOpen }: HappeningRowProps) {
  const { at, kind, title, detail, isWrong } = happening;
  return (
    <li>
      <button
        type="button"
        class={`happening ${isWrong ? 'wrong' : ''}`}
        aria-pressed={isOpen}
        onClick={onOpen}
      >
        <span class="time">{timeText(at, 3)}</span>
        <span class="kind">{kind}</span>
        <bdi class="title">
          {isWrong && <span aria-hidden="true">✕ </span>}
          {title}
        </bdi>
        <bdi class="detail-text">{detail}</bdi>
      </button>
    </li>
  );
}
