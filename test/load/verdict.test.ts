import { describe, expect, it } from 'vitest';
import type { LoadMeasures } from '../../src/load/report.ts';
import { judge, parseThresholds } from '../../src/load/thresholds.ts';
import { type Findings, verdictOf } from '../../src/load/verdict.ts';

const NONE = { p50: 0, p95: 0, p99: 0, max: 0 };

const FINE: LoadMeasures = {
  streams: 4,
  bots: 1,
  duration_s: 2,
  scheduled: 80,
  sent: 80,
  injected: 0,
  in_doubt: 0,
  dropped: {
    total: 0,
    disconnected: 0,
    slow_receiver: 0,
    reconnecting: 0,
    on_demand: 0,
    endpoint_failed: 0,
    fault: 0,
  },
  messages_per_s: 40,
  bytes_per_s: 1_000,
  lateness_ms: { p50: 1, p95: 2, p99: 19.5, max: 30 },
  connect_ms: NONE,
  ping_ms: NONE,
  connections: 4,
  retries: 0,
  failed_bots: 0,
  closes: { 1000: 4 },
  blocked_ms: 0,
  max_backlog_bytes: 0,
  event_loop_delay_ms: NONE,
  utilization: 0.1,
  workers: 1,
  cpu_s: 1,
  rss_mb: 90,
};

function lost(
  reason: 'disconnected' | 'slow_receiver' | 'endpoint_failed' | 'fault',
  count: number,
): Partial<LoadMeasures> {
  return { sent: 80 - count, dropped: { ...FINE.dropped, total: count, [reason]: count } };
}

function verdict(measures: Partial<LoadMeasures>, more: Partial<Findings> & { asked?: string } = {}) {
  const all = { ...FINE, ...measures };
  return verdictOf({
    measures: all,
    thresholds: judge(parseThresholds(more.asked ?? ''), all),
    failures: [],
    interrupted: false,
    broken: undefined,
    ...more,
  });
}

describe('the verdict of a load test', () => {
  it('is short when all is well', () => {
    expect(verdict({})).toEqual({
      ok: true,
      verdict: '80 of 80 frames of 4 streams delivered.',
      bottleneck: 'none',
    });
  });

  it('takes losses that were asked for as no failure', () => {
    expect(verdict(lost('fault', 5))).toEqual({
      ok: true,
      verdict: '75 of 80 frames of 4 streams delivered, 5 lost as it was asked for.',
      bottleneck: 'none',
    });
  });

  it('says what a reset may have destroyed', () => {
    expect(verdict({ ...lost('fault', 5), in_doubt: 12 }).verdict).toBe(
      '75 of 80 frames of 4 streams delivered, 5 lost as it was asked for, up to 12 in doubt (a reset destroys what the receiver has not read).',
    );
  });

  it('says that the receiver did not keep up when it did not read, and only then', () => {
    expect(verdict(lost('slow_receiver', 5))).toEqual({
      ok: false,
      verdict:
        '75 of 80 frames of 4 streams delivered: 5 frames dropped because the receiver did not keep up.',
      bottleneck: 'receiver',
    });
    const closed = verdict(lost('disconnected', 1), {
      failures: [
        { code: 'closed_by_receiver', text: 'close code 1007 "no"', frames: 1, connections: 1 },
        { code: 'reset_by_receiver', text: 'reset', frames: 0, connections: 1 },
      ],
    });
    expect(closed.verdict).toBe(
      '79 of 80 frames of 4 streams delivered: 1 frame lost while disconnected (close code 1007 "no").',
    );
    expect(closed.bottleneck).toBe('receiver');
  });

  it('names failures that lost nothing, too', () => {
    const { ok, verdict: text } = verdict(
      { retries: 1 },
      { failures: [{ code: 'upgrade_hung_up', text: 'hung up', frames: 0, connections: 2 }] },
    );
    expect([ok, text]).toEqual([
      true,
      '80 of 80 frames of 4 streams delivered: 2 connections failed without loss of frames (hung up).',
    ]);
  });

  it('tells of a receiver that read slowly but lost nothing', () => {
    expect(verdict({ blocked_ms: 350 })).toMatchObject({ ok: true, bottleneck: 'receiver' });
    expect(verdict({ blocked_ms: 350 }).verdict).toMatch(/read slowly: .* no room for 350 ms/);
  });

  it('fails without thresholds when this machine did not keep its times, and says whose limit that was', () => {
    for (const measures of [
      { lateness_ms: { ...NONE, p99: 150 } },
      { lateness_ms: { ...NONE, p99: 15 }, utilization: 0.95 },
    ]) {
      const { ok, verdict: text, bottleneck } = verdict(measures);
      expect([ok, bottleneck]).toEqual([false, 'sender']);
      expect(text).toMatch(/This machine is the bottleneck, not the receiver: .* ms late \(p99\)\.$/);
    }
    expect(verdict({ lateness_ms: { ...NONE, p99: 150 } }, { asked: 'dropped=0' }).ok).toBe(true);
  });

  it('takes a broken threshold of lateness for a limit of this machine', () => {
    const { ok, verdict: text, bottleneck } = verdict({}, { asked: 'lateness_p99<10ms' });
    expect([ok, bottleneck]).toEqual([false, 'sender']);
    expect(text).toContain('lateness_p99<10ms was 19.5');
    expect(text).toContain('This machine is the bottleneck');
  });

  it('takes a lack of descriptors for a limit of this machine', () => {
    const { verdict: text, bottleneck } = verdict(
      { ...lost('endpoint_failed', 80), failed_bots: 1 },
      { failures: [{ code: 'own_descriptors', text: 'EMFILE', frames: 80, connections: 4 }] },
    );
    expect(bottleneck).toBe('sender');
    expect(text).toContain('1 of 1 bot failed (EMFILE). This machine is the bottleneck');
  });

  it('is no success when a thread died or nobody talked', () => {
    expect(
      verdict({}, { broken: 'a thread of this load test died (out of memory)', asked: 'dropped=0' }),
    ).toMatchObject({
      ok: false,
      bottleneck: 'sender',
      verdict: expect.stringMatching(/^Broken off: .* a thread of this load test died \(out of memory\)\./),
    });
    expect(verdict({ scheduled: 0, sent: 0 })).toMatchObject({
      ok: false,
      verdict: '0 of 0 frames of 4 streams delivered: nobody unmutes in this meeting.',
    });
    expect(verdict({ scheduled: 0, sent: 0 }, { interrupted: true }).verdict).toBe(
      'Interrupted: 0 of 0 frames of 4 streams delivered.',
    );
  });
});
