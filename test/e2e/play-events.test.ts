import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { virtualClock } from '../../src/emulator/clock.ts';
import { playReportSchema } from '../../src/emulator/report.ts';
import { play } from '../../src/play.ts';
import { REALTIME_EVENT_NAMES, type RealtimeEvent } from '../../src/protocol/index.ts';
import { compileScenario } from '../../src/scenario/compile.ts';
import { scenarioToYaml } from '../../src/scenario/stringify.ts';
import { everything, expectWhole, readMessages } from '../support/all-events.ts';
import { runCli, withFolder } from '../support/cli.ts';
import { withReceiver } from '../support/faulty-receiver.ts';
import { rawReceiver } from '../support/raw-receiver.ts';
import { until } from '../support/until.ts';

const MODES = ['per-participant', 'per-endpoint'] as const;

function eventsOf(dir: string): RealtimeEvent[] {
  const file = readdirSync(dir, { recursive: true, encoding: 'utf8' }).find((name) =>
    name.endsWith('events.ndjson'),
  )!;
  return readMessages(readFileSync(join(dir, file), 'utf8').trimEnd().split('\n'));
}

function withScenario<T>(use: (file: string) => Promise<T>, events?: string[]): Promise<T> {
  return withFolder(async (dir) => {
    const file = join(dir, 'meeting.yaml');
    writeFileSync(file, scenarioToYaml({ ...everything, ...(events && { events }) }));
    return use(file);
  });
}

describe('play --events', () => {
  it.each(MODES)('all: sends every event of a meeting in real time, exactly once (%s)', (mode) =>
    withScenario((file) =>
      withReceiver([], async (receiver) => {
        const { code, stdout } = await runCli(
          ...['play', file, '--to', `${receiver.url}/`, '--json', '--connections', mode],
          ...['--events', 'all', '--bot-metadata', 'team=blue', '--bot-metadata', 'x=a=b'],
          ...['--endpoint-metadata', 'for=tests'],
        );
        const report = playReportSchema.parse(JSON.parse(stdout));
        expect([code, report.ok, report.verdict]).toEqual([0, true, expect.stringContaining('events')]);
        const events = readMessages(receiver.messages);
        expectWhole(events, await compileScenario(everything));
        expect(events).toHaveLength(report.sent + report.events.sent + report.video!.sent);
        for (const { data } of events) {
          expect(data.bot?.metadata).toEqual({ team: 'blue', x: 'a=b' });
          expect(data.realtime_endpoint.metadata).toEqual({ for: 'tests' });
        }
        const missing = ['participant_events.leave', 'transcript.partial_data'].filter(
          (name) => !events.some(({ event }) => event === name),
        );
        expect(missing).toEqual([]);
        // What is nobody's audio or video has a connection of its own in one mode, and the only one in the other.
        const others = receiver.connections.filter(({ messages }) =>
          messages.some((text) => !/^{"event":"(audio_separate_raw|video_separate_png).data"/.test(text)),
        );
        expect(others).toHaveLength(1);
        const { streams, videos } = await compileScenario(everything);
        expect(receiver.connections).toHaveLength(
          mode === 'per-endpoint' ? 1 : 1 + streams.length + videos.length,
        );
        expect(receiver.connections.every(({ closeCode }) => closeCode === 1000)).toBe(true);
      }),
    ),
  );

  it('tells an email with an update behind the join, and keeps a null host', async () => {
    await withReceiver([], async (receiver) => {
      await play({
        scenario: everything,
        to: receiver.url,
        speed: 'max',
        events: ['participant_events.join', 'participant_events.update'],
      });
      const people = readMessages(receiver.messages).map(({ event, data: { data } }) => {
        const { id, name, email, is_host } = 'participant' in data ? data.participant : (undefined as never);
        return [event.slice(event.indexOf('.') + 1), id, name, email, is_host];
      });
      expect(people).toEqual([
        ['join', 100, 'Ada', undefined, true],
        ['update', 100, 'Ada', 'ada@example.com', true],
        ['join', 200, null, undefined, null],
        ['update', 200, 'Ben', undefined, null],
      ]);
    });
  });

  it('sends what the scenario names in `events:`, unless it is told others', () =>
    withScenario(
      async (file) => {
        const namesAt = (...options: string[]): Promise<string[]> =>
          withReceiver([], async (receiver) => {
            await runCli('play', file, '--to', receiver.url, '--speed', 'max', ...options);
            return [...new Set(receiver.messages.map((text) => JSON.parse(text).event))].sort();
          });
        expect(await namesAt()).toEqual(['participant_events.chat_message', 'transcript.data']);
        expect(await namesAt('--events', 'audio_separate_raw.data')).toEqual(['audio_separate_raw.data']);
        expect(await namesAt('--events', 'all')).toEqual(REALTIME_EVENT_NAMES.toSorted());
      },
      ['participant_events.chat_message', 'transcript.data'],
    ));

  it('sends separate audio alone when nobody asks for more', async () => {
    await withReceiver([], async (receiver) => {
      const report = await play({ scenario: everything, to: receiver.url, speed: 'max' });
      expect(new Set(readMessages(receiver.messages).map(({ event }) => event))).toEqual(
        new Set(['audio_separate_raw.data']),
      );
      expect(report.events).toMatchObject({ scheduled: 0, sent: 0, connections: [] });
    });
  });

  it.concurrent.each(['nope', 'audio_separate_raw', 'transcript.provider_data', 'video.*', ''])(
    'ends with 2 and the list for "%s"',
    async (events) => {
      const { code, stderr } = await runCli('play', '--events', events);
      expect(code).toBe(2);
      expect(stderr).toContain(`"${events}" is no event that can be sent`);
      expect(stderr).toContain('participant_events.{join,leave,');
      expect(stderr).toContain('transcript.{data,partial_data}');
    },
  );

  it('ends with 2 for metadata without a key, and rejects what is no text', async () => {
    expect((await runCli('play', '--bot-metadata', '=x')).code).toBe(2);
    await expect(
      play({ scenario: everything, endpointMetadata: { a: 1 } as never, speed: 'max' }),
    ).rejects.toMatchObject({ code: 'invalid_metadata' });
    await expect(play({ scenario: everything, events: [] })).rejects.toMatchObject({ code: 'no_events' });
  });

  it.each(MODES)('is in captures, and is replayed from them as it was (%s)', (connections) =>
    withFolder(async (dir) => {
      const first = join(dir, 'first');
      const report = await play({
        scenario: everything,
        out: first,
        speed: 'max',
        connections,
        events: ['all'],
      });
      expect(report.verdict).toContain('received audio equals sent audio');
      const recorded = eventsOf(first);
      expectWhole(recorded, await compileScenario(everything));

      const capture = join(dir, 'capture.ndjson');
      writeFileSync(capture, recorded.map((event) => `${JSON.stringify(event)}\n`).join(''));
      const second = join(dir, 'second');
      await play({ capture, out: second, speed: 'max', connections, events: ['all'] });
      const contents = (events: readonly RealtimeEvent[]): string[] =>
        events
          .filter(({ event }) => event !== 'audio_mixed_raw.data')
          .map(({ event, data: { data } }) =>
            JSON.stringify([event, data]).replace(/"absolute":"[^"]*"/g, '"absolute":""'),
          )
          .sort();
      expect(contents(eventsOf(second))).toEqual(contents(recorded));
    }),
  );

  it('sends what a capture holds of people who joined before it began', () =>
    withFolder(async (dir) => {
      const first = join(dir, 'first');
      await play({ scenario: everything, out: first, speed: 'max', events: ['all'] });
      const later = eventsOf(first).filter(({ event }) => event !== 'participant_events.join');
      const capture = join(dir, 'capture.ndjson');
      writeFileSync(capture, later.map((event) => `${JSON.stringify(event)}\n`).join(''));
      await withReceiver([], async (receiver) => {
        await play({ capture, to: receiver.url, speed: 'max', events: ['participant_events.*'] });
        const names = (events: readonly RealtimeEvent[]): string[] =>
          events.map(({ event }) => event).filter((event) => event.startsWith('participant_events.'));
        expect(names(readMessages(receiver.messages))).toEqual(names(later));
      });
    }));

  it('ends early in order: after an interrupt nothing more is sent, and what was is accounted for', async () => {
    await withReceiver([], async (receiver) => {
      const abort = new AbortController();
      const clock = virtualClock();
      const report = await play({
        scenario: everything,
        to: receiver.url,
        clock,
        events: ['all'],
        signal: abort.signal,
        onSession: ({ options }) => options.pacer.at(clock.now() + 1_000, () => abort.abort()),
      });
      expect(report.interrupted).toBe(true);
      expect(report.events.dropped.total).toBe(0);
      expect(report.events.scheduled).toBe(report.events.sent);
      const seconds = readMessages(receiver.messages).map(({ data: { data } }) =>
        'timestamp' in data ? data.timestamp.relative : data.words[0]!.start_timestamp.relative,
      );
      expect(Math.max(...seconds)).toBeLessThanOrEqual(1);
      expect(report.events.scheduled).toBeGreaterThan(0);
    });
  });

  it('counts nothing of what would have happened while connections take their time to close', async () => {
    // Takes everything and never answers the close: the meeting would go on for as long as that is waited for.
    await using receiver = await rawReceiver((peer) => peer.accept());
    const abort = new AbortController();
    const playing = play({
      scenario: everything,
      to: receiver.url,
      connections: 'per-endpoint',
      events: ['participant_events.*'],
      closeTimeoutSeconds: 1,
      signal: abort.signal,
    });
    await until(() => (receiver.peers[0]?.messages ?? 0) > 0);
    abort.abort();
    const { events, interrupted } = await playing;
    expect([interrupted, events.dropped.total]).toEqual([true, 0]);
    expect(events.scheduled).toBeLessThan((await compileScenario(everything)).events.length);
  });

  it('fails the run when events are lost, and says so', async () => {
    await withReceiver([{ kind: 'status', status: 503 }], async (receiver) => {
      const report = await play({
        scenario: everything,
        to: receiver.url,
        speed: 'max',
        events: ['participant_events.*'],
        connectGraceSeconds: 0,
        retryIntervalSeconds: 0.25,
      });
      expect(report.ok).toBe(false);
      expect(report.verdict).toMatch(/\d+ of \d+ events delivered: \d+ events lost while disconnected .*503/);
    });
  });
});
