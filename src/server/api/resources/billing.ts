/** `billing/usage`: for how long bots were used. **Our choice** of what counts: from `joining_call` until the call ended. */
import { usageSchema } from '../../../protocol/rest/billing.ts';
import type { BotRecord } from '../../store/records.ts';
import { dateOf } from '../lists.ts';
import { type Operation, operation } from '../operation.ts';

export const billing: readonly Operation[] = [
  operation({
    id: 'retrieve_usage',
    method: 'GET',
    path: '/api/v1/billing/usage/',
    tag: 'Billing',
    summary: 'For how many seconds bots were used',
    query: ['start', 'end'],
    answers: { 200: usageSchema },
    handle({ workspace: { context }, query }) {
      const nowMs = context.calendar.nowMs();
      const start = dateOf(query, 'start') ?? 0;
      const end = Math.min(nowMs, dateOf(query, 'end') ?? nowMs);
      const totalMs = context.store.bots().reduce((sum, bot) => sum + usedMs(bot, start, end), 0);
      return { status: 200, body: { bot_total: totalMs / 1_000 } };
    },
  }),
];

/** Milliseconds within a range of milliseconds since the epoch. */
function usedMs({ statusChanges }: BotRecord, start: number, end: number): number {
  const timeOf = (...codes: readonly string[]): number | undefined => {
    const change = statusChanges.find(({ code }) => codes.includes(code));
    return change === undefined ? undefined : Date.parse(change.created_at);
  };
  const from = timeOf('joining_call');
  if (from === undefined) return 0;
  const to = timeOf('call_ended', 'done', 'fatal') ?? end;
  return Math.max(0, Math.min(to, end) - Math.max(from, start));
}
