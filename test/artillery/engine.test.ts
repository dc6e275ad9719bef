import { EventEmitter } from 'node:events';
import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { createRecallScenario, type RecallScenarioSpec } from '../../src/artillery/engine.ts';
import { startReceiver } from '../../src/receiver/receiver.ts';

/** Runs a virtual user as Artillery does, and gives what it told. */
async function run(target: string, flow: RecallScenarioSpec['flow']) {
  const events = new EventEmitter();
  const counters: Record<string, number> = {};
  const histograms: Record<string, number[]> = {};
  const errors: string[] = [];
  let started = 0;
  events.on('started', () => started++);
  events.on('counter', (name: string, value: number) => {
    counters[name] = (counters[name] ?? 0) + value;
  });
  events.on('histogram', (name: string, value: number) => {
    histograms[name] = [...(histograms[name] ?? []), value];
  });
  events.on('error', (message: string) => errors.push(message));
  const user = createRecallScenario(
    { config: { target, engines: { recall: { participants: 2 } } } },
    { flow },
    events,
  );
  const context = { vars: {} };
  const result = await new Promise<{ error: Error | null; context: unknown }>((resolve) =>
    user(context, (error, given) => resolve({ error, context: given })),
  );
  expect(result.context).toBe(context);
  return { counters, histograms, errors, started, error: result.error };
}

describe("Artillery's virtual user", () => {
  it('plays its steps and tells Artillery what they cost', async () => {
    const receiver = await startReceiver({});
    const { counters, histograms, errors, started, error } = await run(receiver.url, [
      { play: { duration: '1s' } },
      { think: 0.05 },
      { play: { participants: 1, duration: 0.5, frameMs: 50 } },
    ]);
    expect({ error, errors, started }).toEqual({ error: null, errors: [], started: 1 });
    expect(counters).toEqual({
      'recall.streams': 3,
      'recall.frames.scheduled': 30,
      'recall.frames.sent': 30,
      'recall.closes.1000': 3,
    });
    expect(histograms['recall.connect_ms']).toHaveLength(3);
    expect(histograms['recall.lateness_ms.p99']).toHaveLength(2);
    expect(receiver.stats()).toMatchObject({ messages: 30, invalid: 0 });
    await receiver.close();
  });

  it('fails with what the receiver did, and refuses steps that are none', async () => {
    const { error, errors, counters } = await run('ws://127.0.0.1:1', [
      { play: { duration: 1, retryAttempts: 0 } },
    ]);
    expect(error?.message).toMatch(/refused/);
    expect(errors).toHaveLength(1);
    expect(counters['recall.frames.scheduled']).toBe(
      (counters['recall.frames.dropped.endpoint_failed'] ?? 0) +
        (counters['recall.frames.dropped.disconnected'] ?? 0),
    );
    await expect(run('ws://127.0.0.1:1', [{ loop: 3 } as never])).rejects.toThrow('is not a step');
    await expect(run('http://127.0.0.1:1', [{ play: {} }])).rejects.toThrow('a WebSocket URL');
  });

  it.each([
    ['a fragment', { to: 'ws://127.0.0.1:1/#x' }, 'invalid_url'],
    ['a URL that is none', { to: 'localhost' }, 'invalid_url'],
    ['a header of two lines', { headers: { a: 'b\nc: d' } }, 'invalid_header'],
    ['nobody', { participants: 0 }, 'invalid_participants'],
    ['frames of nothing', { frameMs: 0 }, 'invalid_frame_ms'],
  ])('refuses %s before a virtual user arrives', (_what, play, code) => {
    const make = () =>
      createRecallScenario(
        { config: { target: 'ws://127.0.0.1:1' } },
        { flow: [{ play }] },
        new EventEmitter(),
      );
    expect(make).toThrow(expect.objectContaining({ name: 'UsageError', code }));
  });

  it('says what is wrong with a scenario', async () => {
    const { error } = await run('ws://127.0.0.1:1', [{ play: { scenario: 'none.yaml' } }]);
    expect(error?.message).toMatch(/^none\.yaml/);
  });

  it('reads its URL as browsers do', async () => {
    const receiver = await startReceiver({});
    const { error, counters } = await run(` ${receiver.url.replace('ws:', 'WS:')}`, [
      { play: { participants: 1, duration: 0.5 } },
    ]);
    await receiver.close();
    expect([error, counters['recall.frames.sent']]).toEqual([null, 5]);
  });

  it('is a class under the name by which Artillery loads engines', () => {
    const Engine = createRequire(import.meta.url)('../../artillery-engine-recall/index.cjs');
    expect(typeof new Engine({ config: {} }).createScenario).toBe('function');
  });
});
