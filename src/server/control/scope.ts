/**
 * What a request to the control API is about: the workspace of its API key or, without a key, the whole server. The key is
 * in the `Authorization` header as everywhere else, or in the query (`?key=`) where a client cannot set headers.
 */
import type { Pacer } from '../../emulator/pacer.ts';
import { apiKeyOf, bearerOf, equalSecrets } from '../../guard.ts';
import type { RequestLog } from '../api/request-log.ts';
import type { KeyedWorkspace, Workspaces } from '../api/workspaces.ts';
import type { AnswersOnDemand } from '../bot/answers.ts';
import type { Calendar } from '../bot/context.ts';
import type { RealTimeWatch } from '../bot/real-time-watch.ts';
import { Refusal } from '../bot/refusal.ts';
import type { ActivityLog } from '../store/activity.ts';
import type { History, HistoryReading } from '../store/history-schema.ts';
import type { BotState } from '../store/records.ts';

/** What all workspaces share. */
export interface SharedByAll {
  readonly workspaces: Workspaces;
  /** What happens anywhere. */
  readonly activity: ActivityLog;
  /** To whoever asks first. */
  readonly answers: AnswersOnDemand;
  /** Those that had no key. */
  readonly requests: RequestLog;
  readonly pacer: Pacer;
  readonly realTime: Pick<RealTimeWatch, 'recentSeconds' | 'maxSeconds'>;
  /** The states of a history: kept, and in no workspace yet. */
  makeHistory(history: History, reading: HistoryReading): Promise<BotState[]>;
  readonly calendar: Calendar;
}

export interface Scope {
  /** The server, not one workspace of it. */
  readonly isWhole: boolean;
  /** In the order in which they were made. */
  readonly workspaces: readonly KeyedWorkspace[];
  readonly activity: ActivityLog;
  /** Where new ones are added. */
  readonly answers: AnswersOnDemand;
}

export interface ScopeOptions {
  readonly server: SharedByAll;
  /** The only key that is accepted: it is that of the whole server. Any, or none, when undefined. */
  readonly apiKey: string | undefined;
}

export function wholeScope({ workspaces, activity, answers }: SharedByAll): Scope {
  return { isWhole: true, workspaces: workspaces.all(), activity, answers };
}

/** Throws a `Refusal` (401) without the key, where there is one. */
export function scopeOf(
  authorization: string | undefined,
  queryKey: string | undefined,
  { server, apiKey }: ScopeOptions,
): Scope {
  const named = apiKeyOf(authorization) ?? (queryKey || undefined);
  if (apiKey !== undefined && (named === undefined || !equalSecrets(named, apiKey)))
    throw new Refusal(401, { detail: 'The control API needs the API key, too.' });
  const key = apiKey === undefined ? (named ?? (bearerOf(authorization) || undefined)) : undefined;
  if (key === undefined) return wholeScope(server);
  const keyed = server.workspaces.of(key);
  const { answers, workspace } = keyed;
  return { isWhole: false, workspaces: [keyed], activity: workspace.context.activity, answers };
}
