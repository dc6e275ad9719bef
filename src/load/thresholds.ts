/** Thresholds such as `lateness_p99<20ms,dropped=0`: what a run has to keep to be fine. */
import { UsageError } from '../errors.ts';
import type { LoadMeasures } from './report.ts';

interface Measure {
  readonly of: (measures: LoadMeasures) => number;
  readonly unit: 'ms' | 'bytes' | '';
}

const ms = (of: Measure['of']): Measure => ({ of, unit: 'ms' });
const count = (of: Measure['of']): Measure => ({ of, unit: '' });

/** What can be asked for. */
const MEASURES: Readonly<Record<string, Measure>> = {
  lateness_p50: ms(({ lateness_ms }) => lateness_ms.p50),
  lateness_p99: ms(({ lateness_ms }) => lateness_ms.p99),
  lateness_max: ms(({ lateness_ms }) => lateness_ms.max),
  connect_p50: ms(({ connect_ms }) => connect_ms.p50),
  connect_p95: ms(({ connect_ms }) => connect_ms.p95),
  connect_p99: ms(({ connect_ms }) => connect_ms.p99),
  connect_max: ms(({ connect_ms }) => connect_ms.max),
  ping_p50: ms(({ ping_ms }) => ping_ms.p50),
  ping_p95: ms(({ ping_ms }) => ping_ms.p95),
  ping_p99: ms(({ ping_ms }) => ping_ms.p99),
  ping_max: ms(({ ping_ms }) => ping_ms.max),
  dropped: count(({ dropped }) => dropped.total),
  disconnected: count(({ dropped }) => dropped.disconnected),
  slow_receiver: count(({ dropped }) => dropped.slow_receiver),
  retries: count(({ retries }) => retries),
  failed_bots: count(({ failed_bots }) => failed_bots),
  blocked_ms: ms(({ blocked_ms }) => blocked_ms),
  max_backlog_bytes: { of: ({ max_backlog_bytes }) => max_backlog_bytes, unit: 'bytes' },
  messages_per_s: count(({ messages_per_s }) => messages_per_s),
};

const COMPARE: Readonly<Record<string, (value: number, limit: number) => boolean>> = {
  '<': (value, limit) => value < limit,
  '<=': (value, limit) => value <= limit,
  '=': (value, limit) => value === limit,
  '>': (value, limit) => value > limit,
  '>=': (value, limit) => value >= limit,
};

export interface Threshold {
  /** As it was written. */
  readonly text: string;
  readonly measure: string;
  readonly operator: string;
  readonly limit: number;
}

export interface ThresholdResult {
  readonly name: string;
  readonly value: number;
  readonly ok: boolean;
}

/** Throws a `UsageError` that says what there is. */
export function parseThresholds(text: string): readonly Threshold[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map((part) => {
      const match = /^([a-z_0-9]+)\s*(<=|>=|<|>|=)\s*(\d+(?:\.\d+)?)\s*(ms|s)?$/.exec(part);
      const [, measure = '', operator = '', number = '', unit] = match ?? [];
      if (match === null || !Object.hasOwn(MEASURES, measure)) {
        throw new UsageError('invalid_threshold', `"${part}" is not a threshold.`, {
          hint: `Write such as lateness_p99<20ms. There are ${Object.keys(MEASURES).join(', ')}.`,
        });
      }
      return { text: part, measure, operator, limit: Number(number) * (unit === 's' ? 1_000 : 1) };
    });
}

export function judge(thresholds: readonly Threshold[], measures: LoadMeasures): readonly ThresholdResult[] {
  return thresholds.map(({ text, measure, operator, limit }) => {
    const value = MEASURES[measure]!.of(measures);
    return { name: text, value, ok: COMPARE[operator]!(value, limit) };
  });
}

/** `19.5 ms`: what was measured, with its unit. */
export function measured({ name, value }: ThresholdResult): string {
  const [measure = ''] = /^\w+/.exec(name) ?? [];
  return `${value} ${MEASURES[measure]?.unit ?? ''}`.trimEnd();
}
