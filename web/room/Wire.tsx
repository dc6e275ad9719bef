/** Everything that went over the wire: a list that is filtered as one types, and beside it what is chosen of it. */
import { useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { everyNth } from './feed.ts';
import { deliveries, meeting, messages, messagesLeftOut, requests, tick } from './store.ts';
import { useVirtual } from './useVirtual.ts';
import { WireDetail } from './WireDetail.tsx';
import { KINDS, rowsOfWire, type WireFilter, type WireKind, type WireRow } from './wire-rows.ts';
import { countOf } from './words.ts';

const ROW_PX = 28;
/** Nearer to the end than this is at it. */
const AT_END_PX = 40;
const SAMPLING = [1, 10, 100];

const KIND_WORDS: Readonly<Record<WireKind, string>> = {
  request: 'API requests',
  webhook: 'Webhooks',
  message: 'Messages',
};

export function Wire({ botId }: { readonly botId: string }) {
  const [filter, setFilter] = useState<WireFilter>({ text: '', kinds: KINDS });
  const [chosen, setChosen] = useState<WireRow | undefined>(undefined);
  const [stopped, setStopped] = useState<readonly WireRow[] | undefined>(undefined);
  const now = tick.value;
  const current = useMemo(
    () =>
      rowsOfWire(
        {
          requests: requests.value,
          deliveries: deliveries.value.values(),
          messages: messages.value,
          state: meeting.value,
        },
        botId,
        filter,
      ),
    [now, botId, filter],
  );
  const rows = stopped ?? current;
  return (
    <div class={`wire ${chosen === undefined ? '' : 'has-detail'}`}>
      <WireTools
        filter={filter}
        onFilter={setFilter}
        isHeld={stopped !== undefined}
        onHold={() => setStopped(stopped === undefined ? current : undefined)}
      />
      <div class="wire-body">
        <WireList rows={rows} chosen={chosen} onChoose={setChosen} />
        {chosen !== undefined && (
          <WireDetail
            key={chosen.key}
            row={rows.find(({ key }) => key === chosen.key) ?? chosen}
            botId={botId}
            onClose={() => setChosen(undefined)}
          />
        )}
      </div>
      <p class="hint wire-count">
        {countOf(rows.length, 'line')}
        {messagesLeftOut.value > 0 && `; ${countOf(messagesLeftOut.value, 'message')} of audio left out`}
      </p>
    </div>
  );
}

interface WireToolsProps {
  readonly filter: WireFilter;
  readonly onFilter: (filter: WireFilter) => void;
  readonly isHeld: boolean;
  readonly onHold: () => void;
}

function WireTools({ filter, onFilter, isHeld, onHold }: WireToolsProps) {
  const { text, kinds } = filter;
  const toggle = (kind: WireKind): void =>
    onFilter({
      text,
      kinds: kinds.includes(kind) ? kinds.filter((each) => each !== kind) : [...kinds, kind],
    });
  return (
    <div class="wire-tools">
      <input
        type="search"
        aria-label="Filter what went over the wire"
        placeholder="Filter: 400, transcript, Ada, bot.done…"
        value={text}
        onInput={({ currentTarget }) => onFilter({ text: currentTarget.value, kinds })}
      />
      <fieldset class="segments" aria-label="Kinds">
        {KINDS.map((kind) => (
          <button key={kind} type="button" aria-pressed={kinds.includes(kind)} onClick={() => toggle(kind)}>
            {KIND_WORDS[kind]}
          </button>
        ))}
      </fieldset>
      <label class="sampling">
        audio
        <select
          value={String(everyNth.value)}
          onChange={({ currentTarget }) => {
            everyNth.value = Number(currentTarget.value);
          }}
        >
          {SAMPLING.map((each) => (
            <option key={each} value={String(each)}>
              {each === 1 ? 'all' : `1 in ${each}`}
            </option>
          ))}
        </select>
      </label>
      <button type="button" aria-pressed={isHeld} onClick={onHold}>
        {isHeld ? 'Go on' : 'Hold'}
      </button>
    </div>
  );
}

interface WireListProps {
  readonly rows: readonly WireRow[];
  readonly chosen: WireRow | undefined;
  readonly onChoose: (row: WireRow) => void;
}

function WireList({ rows, chosen, onChoose }: WireListProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const isAtEnd = useRef(true);
  const virtual = useVirtual(scroller, rows.length, ROW_PX);
  // Who looks at the end goes on looking at the end.
  useLayoutEffect(() => {
    const { current } = scroller;
    if (current !== null && isAtEnd.current) current.scrollTop = current.scrollHeight;
  }, [rows.length]);
  const move = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10 }[event.key];
    if (step === undefined || rows.length === 0) return;
    const at = rows.findIndex(({ key }) => key === chosen?.key);
    const next = at === -1 ? rows.length - 1 : Math.min(rows.length - 1, Math.max(0, at + step));
    onChoose(rows[next]!);
    virtual.scrollTo(next);
    event.preventDefault();
  };
  return (
    <div
      ref={scroller}
      class="wire-list"
      role="listbox"
      aria-label="What went over the wire"
      aria-activedescendant={chosen === undefined ? undefined : `wire-${chosen.key}`}
      tabIndex={0}
      onKeyDown={move}
      onScroll={({ currentTarget }) => {
        isAtEnd.current =
          currentTarget.scrollHeight - currentTarget.scrollTop - currentTarget.clientHeight < AT_END_PX;
      }}
    >
      {rows.length === 0 && (
        <p class="empty small">Nothing so far, or nothing that the filter lets through.</p>
      )}
      <div class="wire-rows" role="presentation" style={{ height: `${virtual.height}px` }}>
        {virtual.rows.map(({ index, start }) => {
          const row = rows[index];
          if (row === undefined) return null;
          return (
            <Row
              key={row.key}
              row={row}
              top={start}
              isChosen={row.key === chosen?.key}
              onChoose={() => onChoose(row)}
            />
          );
        })}
      </div>
    </div>
  );
}

interface RowProps {
  readonly row: WireRow;
  readonly top: number;
  readonly isChosen: boolean;
  readonly onChoose: () => void;
}

function Row({ row, top, isChosen, onChoose }: RowProps) {
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the list has the keys.
    <div
      id={`wire-${row.key}`}
      class={`wire-row kind-${row.kind} tone-${row.tone}-row`}
      role="option"
      tabIndex={-1}
      aria-selected={isChosen}
      style={{ transform: `translateY(${top}px)` }}
      onClick={onChoose}
    >
      <time>{new Date(row.at).toISOString().slice(11, 23)}</time>
      <KindShape kind={row.kind} />
      <b class="wire-mark">{row.mark}</b>
      <span class="wire-text">
        <bdi>{row.text}</bdi>
      </span>
      <span class="wire-note">
        <bdi>{row.note}</bdi>
      </span>
    </div>
  );
}

const SHAPES: Readonly<Record<WireKind, string>> = {
  request: 'M2 6h8M7 3l3 3-3 3',
  webhook: 'M10 6H2M5 3L2 6l3 3',
  message: 'M2 6h1l1-3 2 6 2-5 1 2h1',
};

function KindShape({ kind }: { readonly kind: WireKind }) {
  return (
    <svg class="kind-shape" viewBox="0 0 12 12" width="12" height="12" role="img" aria-label={kind}>
      <path d={SHAPES[kind]} />
    </svg>
  );
}
