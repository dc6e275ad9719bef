import { rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { WebSocketServer } from 'ws';
// What is built: threads run it as it is shipped.
import { type LoadReport, runLoad } from '../../dist/index.js';
import { loadReportHtml } from '../../src/load/html.ts';
import { startMetrics } from '../../src/load/prometheus.ts';
import { loadReportSchema } from '../../src/load/report.ts';
import { loadSettings } from '../../src/load/settings.ts';
import { judge, measured, parseThresholds } from '../../src/load/thresholds.ts';
import { loadTimeline } from '../../src/load/timeline.ts';
import { startReceiver } from '../../src/receiver/receiver.ts';
import { participantAudio } from '../../src/scenario/audio.ts';
import { runCli, withFolder } from '../support/cli.ts';
import { withReceiver } from '../support/faulty-receiver.ts';
import { until } from '../support/until.ts';

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
        // A machine that is busy with other tests may be late.
        thresholds: 'dropped=0,failed_bots=0',
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
        injected: 0,
        in_doubt: 0,
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

  it('plays a scenario with every bot when it is given one', () =>
    withFolder(async (dir) => {
      const scenario = join(dir, 'toggle.yaml');
      const toggles = ['unmute', 'mute', 'unmute'].map(
        (action, index) => `  - { at: ${index / 2}s, participant: 1, action: ${action} }`,
      );
      writeFileSync(
        scenario,
        ['duration: 2s', 'participants: [{ id: 1, name: A }]', 'timeline:', ...toggles].join('\n'),
      );
      await withGoodReceiver(async (to) => {
        const report = await runLoad({
          to,
          bots: 2,
          scenario,
          rampSeconds: 0,
          thresholds: 'dropped=0,failed_bots=0',
        });
        expect(report).toMatchObject({ ok: true, streams: 4, connections: 4, scheduled: 30, sent: 30 });
      });
    }));

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
        expect(report.failures).toEqual([
          expect.objectContaining({
            code: 'upgrade_status',
            text: expect.stringContaining('HTTP 503'),
            frames: report.dropped.total,
            connections: 4,
          }),
        ]);
        expect(report.verdict).toContain('HTTP 503');
        expect(report.verdict).not.toContain('keep up');
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

  it('tells of closes with their codes and reasons, not of a receiver that did not keep up', async () => {
    const close = { kind: 'close', after: 2, code: 1007, reason: 'not \u001b[2Jours' } as const;
    await withReceiver([close, close], async ({ url }) => {
      const report = await runLoad({
        to: url,
        bots: 1,
        participants: 2,
        durationSeconds: 1,
        retryIntervalSeconds: 0.1,
      });
      expect(report.verdict).toContain('lost while disconnected');
      expect(report.verdict).toContain('close code 1007 "not \\u001b[2Jours"');
      expect(report.verdict).not.toContain('keep up');
      expect(report.failures.map(({ code }) => code)).toContain('closed_by_receiver');
      expect(report.failures.reduce((sum, { frames }) => sum + frames, 0)).toBe(report.dropped.total);
    });
  });

  it('does not call it late when the receiver lets frames wait for its answer to the upgrade', async () => {
    // Every frame of the meeting has fallen due by the time of the answer.
    const upgrades = new WebSocketServer({ noServer: true });
    const server = createServer().on('upgrade', (request, socket, head) => {
      setTimeout(() => upgrades.handleUpgrade(request, socket, head, () => {}), 1_500);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const report = await runLoad({
      to: `ws://127.0.0.1:${port}`,
      bots: 1,
      participants: 1,
      durationSeconds: 1,
      rampSeconds: 0,
    });
    server.close();
    expect(report.sent).toBeGreaterThan(0);
    expect(report.lateness_ms).toEqual({ p50: 0, p95: 0, p99: 0, max: 0 });
    expect(report.connect_ms.p50).toBeGreaterThan(1_000);
    expect(report.bottleneck).not.toBe('sender');
  });

  it("counts each bot's absolute times from when it begins", async () => {
    const begins = new Map<string, number>();
    const receiver = await startReceiver({
      onEvent: (event) => {
        if (event.event !== 'audio_separate_raw.data') return;
        const { relative, absolute } = event.data.data.timestamp;
        const { id } = event.data.recording;
        if (!begins.has(id)) begins.set(id, Date.parse(absolute) - relative * 1_000);
      },
    });
    await runLoad({ to: receiver.url, bots: 3, participants: 1, durationSeconds: 1, rampSeconds: 3 });
    await receiver.close();
    const [first, second, third] = [...begins.values()].sort((a, b) => a - b);
    // One second of the ramp lies between them. A machine that stands still brings two of them together, but not all.
    expect(third! - first!).toBeGreaterThan(100);
    expect(second! - first!).toBeGreaterThanOrEqual(0);
  });

  it("takes the ramp and the length of a scenario's meeting from its timeline, and looks for its audio", () =>
    withFolder(async (dir) => {
      const scenario = join(dir, 'short.yaml');
      writeFileSync(
        scenario,
        'duration: 1.5s\nparticipants: [{ id: 1, name: A }, { id: 2, name: B }]\ntimeline: [{ at: 0s, participant: 1, action: unmute }]\n',
      );
      const settings = await loadSettings({ to: 'ws://127.0.0.1:1', bots: 3, scenario, durationSeconds: 60 });
      writeFileSync(
        join(dir, 'mute.yaml'),
        'participants: [{ id: 1, name: A }]\ntimeline: [{ at: 0s, participant: 1, action: unmute }, { at: 1s, participant: 1, action: speak, audio: gone.wav }]\n',
      );
      await expect(
        loadSettings({ to: 'ws://127.0.0.1:1', scenario: join(dir, 'mute.yaml') }),
      ).rejects.toMatchObject({ name: 'InvalidInputError' });
      expect(settings).toMatchObject({ durationSeconds: 1.5, streams: 3, worker: { rampSeconds: 0.15 } });
    }));

  it('does not put the end of an interrupted handshake down to the receiver', async () => {
    await withReceiver([{ kind: 'hang' }, { kind: 'hang' }], async ({ url, upgrades }) => {
      const ending = new AbortController();
      const running = runLoad({ to: url, bots: 2, participants: 1, rampSeconds: 0, signal: ending.signal });
      await until(() => upgrades.length === 2);
      ending.abort();
      const report = await running;
      expect(report.failures.filter(({ connections }) => connections > 0)).toEqual([
        expect.objectContaining({ code: 'interrupted', connections: 2 }),
      ]);
    });
  });

  it('reports nothing done when the interrupt comes before it has begun', async () => {
    const report = await runLoad({ to: 'ws://127.0.0.1:1', bots: 2, signal: AbortSignal.abort() });
    expect(loadReportSchema.parse(report)).toMatchObject({ ok: false, interrupted: true, scheduled: 0 });
    expect(report.verdict).toBe('Interrupted: 0 of 0 frames of 8 streams delivered.');
  });

  it('ends all bots, and says why, when audio is gone in the middle', () =>
    withFolder(async (dir) => {
      const audio = join(dir, 'long.pcm');
      // Longer than what is kept in memory: read when its moment comes.
      writeFileSync(audio, Buffer.alloc(1024 * 1024 + 2));
      const scenario = join(dir, 'meeting.yaml');
      writeFileSync(
        scenario,
        'duration: 60s\nparticipants: [{ id: 1, name: A }]\ntimeline: [{ at: 0s, participant: 1, action: unmute }, { at: 3s, participant: 1, action: speak, audio: long.pcm }]\n',
      );
      // Long before its moment, however late the first frame is.
      await using receiver = await startReceiver({ onEvent: () => rmSync(audio, { force: true }) });
      const report = await runLoad({ to: receiver.url, bots: 2, workers: 2, rampSeconds: 0, scenario });
      expect(report).toMatchObject({ ok: false, interrupted: false });
      expect(report.verdict).toMatch(/^Broken off: .*long\.pcm/);
      expect(report.sent).toBeGreaterThan(0);
      expect(report.scheduled).toBe(report.sent + report.dropped.total);
      expect(receiver.stats().connectionsOpen).toBe(0);
    }));

  it.each([
    ['a fragment', { to: 'ws://127.0.0.1:1/#x' }, 'invalid_url'],
    ['another scheme', { to: 'https://127.0.0.1:1' }, 'invalid_url'],
    ['a header of two lines', { to: 'ws://127.0.0.1:1', headers: { a: 'b\r\nc: d' } }, 'invalid_header'],
    ['half a bot', { to: 'ws://127.0.0.1:1', bots: 1.5 }, 'invalid_bots'],
    ['pings without a pause', { to: 'ws://127.0.0.1:1', pingEverySeconds: 0 }, 'invalid_ping_every'],
    ['a frame of nothing', { to: 'ws://127.0.0.1:1', frameMs: 1 }, 'invalid_frame_ms'],
  ])('refuses %s before it starts anything', async (_what, options, code) => {
    await expect(runLoad(options)).rejects.toMatchObject({ name: 'UsageError', code });
  });

  it('reads its URL as browsers do', async () => {
    await withGoodReceiver(async (to) => {
      const report = await runLoad({
        to: ` ${to.replace('ws://', 'WS://')} `,
        bots: 1,
        participants: 1,
        durationSeconds: 1,
        thresholds: 'dropped=0',
      });
      expect(report).toMatchObject({ ok: true, sent: 10 });
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
  failures: [{ code: 'upgrade_status', text: 'HTTP <403>', frames: 3, connections: 1 }],
  diagnoses: [],
  seconds: [{ at_s: 1, open_connections: 4, messages_per_s: 40, dropped: 0, lateness_p99_ms: 1, rss_mb: 90 }],
};

describe('thresholds', () => {
  it('compare as they are written, in milliseconds', () => {
    const results = judge(parseThresholds('lateness_p99<20ms, lateness_p99<0.0195s,connect_max<=4'), REPORT);
    expect(results.map(({ ok }) => ok)).toEqual([true, false, true]);
  });

  it('are told with the units of what was measured', () => {
    const asked = 'lateness_p99<20ms,dropped=0,max_backlog_bytes<1';
    expect(judge(parseThresholds(asked), REPORT).map(measured)).toEqual([
      `${REPORT.lateness_ms.p99} ms`,
      `${REPORT.dropped.total}`,
      `${REPORT.max_backlog_bytes} bytes`,
    ]);
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
    expect(html).toContain('HTTP &lt;403>');
    expect(html).not.toMatch(/(src|href)="https?:/);
  });

  it('says the verdict and the failures in the words of its reader', async () => {
    const html = await loadReportHtml(REPORT, 'ws://127.0.0.1:4000/', (text) => `${text} & more`);
    expect(html).toContain('fine &lt;b> &amp; more');
    expect(html).toContain('HTTP &lt;403> &amp; more');
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

  it('say what to do when their port is taken', async () => {
    const metrics = await startMetrics(0);
    const { port } = new URL(metrics.url);
    await expect(startMetrics(Number(port))).rejects.toMatchObject({
      name: 'UsageError',
      message: `Metrics cannot be served on port ${port} of 127.0.0.1: another program has it.`,
      hint: expect.stringContaining('`metricsPort`'),
    });
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
