import { describe, expect, it } from 'vitest';
// What is built: threads run it as it is shipped.
import { findLimit, type LoadReport, runLoad } from '../../dist/index.js';
import { loadReportHtml } from '../../src/load/html.ts';
import { startMetrics } from '../../src/load/prometheus.ts';
import { loadReportSchema } from '../../src/load/report.ts';
import { judge, parseThresholds } from '../../src/load/thresholds.ts';
import { loadTimeline } from '../../src/load/timeline.ts';
import { startReceiver } from '../../src/receiver/receiver.ts';
import { participantAudio } from '../../src/scenario/audio.ts';
import { runCli } from '../support/cli.ts';
import { withReceiver } from '../support/faulty-receiver.ts';

async function withGoodReceiver<T>(
  use: (
    url: string,
    stats: () => ReturnType<Awaited<ReturnType<typeof startReceiver>>['stats']>,
  ) => Promise<T>,
): Promise<T> {
  const receiver = await startReceiver({});
  try {
    return await use(receiver.url, () => receiver.stats());
  } finally {
    await receiver.close();
  }
}

describe('a load test', () => {
  it('delivers every frame of every bot, over several workers, and its figures add up', async () => {
    await withGoodReceiver(async (to, stats) => {
      const seconds: number[] = [];
      const report = await runLoad({
        to,
        bots: 5,
        participants: 3,
        durationSeconds: 2,
        rampSeconds: 0.5,
        workers: 2,
        frameMs: [50],
        pingEverySeconds: 0.5,
        onSecond: ({ at_s }) => seconds.push(at_s),
      });
      expect(loadReportSchema.parse(report)).toEqual(report);
      expect(report).toMatchObject({
        ok: true,
        streams: 15,
        bots: 5,
        workers: 2,
        scheduled: 600,
        sent: 600,
        connections: 15,
      });
      expect(report.closes).toEqual({ 1000: 15 });
      expect(report.connect_ms.p50).toBeGreaterThan(0);
      expect(report.ping_ms.max).toBeGreaterThan(0);
      expect(report.bytes_per_s).toBeGreaterThan(0);
      expect(seconds.length).toBeGreaterThanOrEqual(1);
      expect(stats()).toMatchObject({ messages: 600, invalid: 0, connectionsTotal: 15 });
      // Each bot is a recording of its own, with the same audio.
      expect(stats().recordings).toHaveLength(5);
      for (const { participants } of stats().recordings)
        expect(participants.map(({ id }) => id).sort()).toEqual([100, 200, 300]);
    });
  });

  it('plays a scenario with every bot when it is given one', async () => {
    await withGoodReceiver(async (to) => {
      const report = await runLoad({ to, bots: 2, scenario: 'fixtures/rapid-toggle.yaml', rampSeconds: 0 });
      expect(report.ok).toBe(true);
      expect(report.connections).toBe(report.streams);
      expect(report.sent).toBe(report.scheduled);
    });
  });

  it('accounts for what a bad receiver costs, and says whose fault it is', async () => {
    await withReceiver(
      Array.from({ length: 50 }, () => ({ kind: 'status', status: 503 }) as const),
      async ({ url }) => {
        const report = await runLoad({
          to: url,
          bots: 2,
          participants: 2,
          durationSeconds: 1,
          retryAttempts: 1,
          retryIntervalSeconds: 0.2,
        });
        expect(report.ok).toBe(false);
        expect(report.bottleneck).toBe('receiver');
        expect(report.failed_bots).toBe(2);
        expect(report.scheduled).toBe(report.sent + report.dropped.total);
        expect(report.errors.join()).toContain('HTTP 503');
      },
    );
  });

  it('fails when a threshold breaks, and names it with its value', async () => {
    await withGoodReceiver(async (to) => {
      const report = await runLoad({
        to,
        bots: 1,
        durationSeconds: 1,
        thresholds: 'dropped=0, messages_per_s>1000000',
      });
      expect(report.thresholds.map(({ ok }) => ok)).toEqual([true, false]);
      expect(report.ok).toBe(false);
      expect(report.verdict).toMatch(/messages_per_s>1000000 was \d+/);
    });
  });

  it('ends early and cleanly when it is interrupted', async () => {
    await withGoodReceiver(async (to, stats) => {
      const ending = new AbortController();
      const report = await runLoad({
        to,
        bots: 4,
        durationSeconds: 600,
        rampSeconds: 2,
        signal: ending.signal,
        onSecond: () => ending.abort(),
      });
      expect(report.interrupted).toBe(true);
      expect(report.scheduled).toBe(report.sent + report.dropped.total);
      expect(stats().connectionsOpen).toBe(0);
    });
  });

  it('finds the last level that held', async () => {
    await withGoodReceiver(async (to) => {
      const told: number[] = [];
      // Four streams a bot at ten messages a second: six bots make 240.
      const result = await findLimit(
        { to, bots: 1, durationSeconds: 3, rampSeconds: 0, thresholds: 'messages_per_s<260', maxBots: 100 },
        ({ bots }) => told.push(bots),
      );
      expect(told.slice(0, 4)).toEqual([1, 2, 4, 8]);
      expect(result.bots).toBe(6);
      expect(result.verdict).toMatch(
        /^6 bots \(24 streams\) held; 7 bots broke it: .*messages_per_s<260 was/,
      );
    });
  });
});

describe('the audio of a load test', () => {
  it('is the same for all, speech, and as long as it should be', () => {
    const timeline = loadTimeline(2, 30.5, 1);
    const [first, second] = [0, 1].map((index) => participantAudio(timeline, index));
    expect(first).toHaveLength(30.5 * 16_000);
    expect(Buffer.from(first!.buffer).equals(Buffer.from(second!.buffer))).toBe(true);
    expect(first!.some((sample) => Math.abs(sample) > 3_000)).toBe(true);
  });
});

const REPORT: LoadReport = {
  ok: true,
  verdict: 'fine <b>',
  bottleneck: 'none',
  interrupted: false,
  streams: 4,
  bots: 1,
  duration_s: 2,
  scheduled: 80,
  sent: 80,
  dropped: { total: 0, disconnected: 0, slow_receiver: 0, reconnecting: 0, on_demand: 0, endpoint_failed: 0 },
  messages_per_s: 40,
  bytes_per_s: 1_000,
  lateness_ms: { p50: 1, p95: 2, p99: 19.5, max: 30 },
  connect_ms: { p50: 1, p95: 2, p99: 3, max: 4 },
  ping_ms: { p50: 1, p95: 2, p99: 3, max: 4 },
  connections: 4,
  retries: 0,
  failed_bots: 0,
  closes: { 1000: 4 },
  blocked_ms: 0,
  max_backlog_bytes: 0,
  event_loop_delay_ms: { p50: 0, p95: 0, p99: 0, max: 0 },
  utilization: 0.1,
  workers: 1,
  cpu_s: 1,
  rss_mb: 90,
  thresholds: [{ name: 'dropped=0', value: 0, ok: true }],
  errors: [],
  seconds: [{ at_s: 1, open_connections: 4, messages_per_s: 40, dropped: 0, lateness_p99_ms: 1, rss_mb: 90 }],
};

describe('thresholds', () => {
  it('compare as they are written, in milliseconds', () => {
    const results = judge(parseThresholds('lateness_p99<20ms, lateness_p99<0.0195s,connect_max<=4'), REPORT);
    expect(results.map(({ ok }) => ok)).toEqual([true, false, true]);
  });

  it.each(['lateness<20', 'lateness_p99=', 'nothing<1', 'dropped==0', '__proto__<1'])('refuse %s', (text) => {
    expect(() => parseThresholds(text)).toThrow('is not a threshold');
  });
});

describe('the HTML report', () => {
  it('has everything in one file and nothing from elsewhere', async () => {
    const html = await loadReportHtml(REPORT, 'ws://127.0.0.1:4000/');
    expect(html).toContain('fine &lt;b>');
    expect(html).toContain('uPlot');
    expect(html).toContain('dropped=0');
    expect(html).not.toMatch(/(src|href)="https?:/);
  });
});

describe('metrics', () => {
  it('are Prometheus text', async () => {
    const metrics = await startMetrics(0);
    metrics.update(REPORT.seconds[0]!, {
      streams: 4,
      openConnections: 3,
      scheduled: 80,
      sent: 79,
      dropped: 1,
      bytes: 5,
      failedBots: 0,
    });
    const text = await (await fetch(metrics.url)).text();
    for (const line of text.trim().split('\n'))
      expect(line).toMatch(/^(# (HELP|TYPE) recall_emulator_\w+ .+|recall_emulator_\w+ [\d.]+)$/);
    expect(text).toContain('recall_emulator_frames_sent_total 79');
    await metrics.close();
  });
});

describe('recall-emulator load', () => {
  it('prints one object with --json, and exits by its thresholds', async () => {
    await withGoodReceiver(async (to) => {
      const good = await runCli(
        'load',
        to,
        '--bots',
        '2',
        '--duration',
        '1',
        '--json',
        '--thresholds',
        'dropped=0',
      );
      expect([good.code, JSON.parse(good.stdout).ok], good.stderr).toEqual([0, true]);
      const bad = await runCli(
        'load',
        to,
        '--bots',
        '1',
        '--duration',
        '1',
        '--quiet',
        '--thresholds',
        'messages_per_s>99999',
      );
      expect(bad.code).toBe(1);
      expect(bad.stdout).toMatch(/✘ messages_per_s>99999: \d+/);
    });
    for (const args of [
      ['http://x'],
      ['ws://x', '--thresholds', 'speed>1'],
      ['ws://x', '--bots', '0'],
      ['ws://x', '--scenario', 'none.yaml'],
    ]) {
      const result = await runCli('load', ...args);
      expect([result.code, result.stderr.split('\n')[0]]).toEqual([2, expect.stringMatching(/^error: /)]);
    }
  });
});
