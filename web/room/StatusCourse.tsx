/** What became of the bot so far: its statuses, one after the other. */
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { BotNews } from '../../src/server/control/live/batch.ts';
import { StatusDot } from './Meetings.tsx';
import { inWords, timeOfDay } from './words.ts';

export function StatusCourse({ bot }: { readonly bot: BotNews }) {
  const { statuses } = bot;
  const list = useRef<HTMLOListElement>(null);
  // The last one is in sight, however many there are.
  useLayoutEffect(() => {
    list.current!.scrollLeft = list.current!.scrollWidth;
  }, [statuses.length]);
  return (
    <ol ref={list} class="course" aria-label="Statuses">
      {statuses.map(({ code, sub_code, at }, index) => {
        const isLast = index === statuses.length - 1;
        return (
          <li key={index} class={isLast ? 'now' : ''} aria-current={isLast ? 'step' : undefined}>
            <StatusDot status={code} paused={isLast && bot.paused} />
            <span>
              {inWords(code)}
              {sub_code !== null && sub_code !== '' && <em> ({inWords(sub_code)})</em>}
              <small>{timeOfDay(at)}</small>
            </span>
          </li>
        );
      })}
    </ol>
  );
}
