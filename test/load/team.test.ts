import type { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { EXIT, reportError } from '../../src/cli/exit.ts';
import { InvalidInputError, UsageError } from '../../src/errors.ts';
import type { WorkerOptions } from '../../src/load/messages.ts';
import { Team } from '../../src/load/team.ts';
import { until } from '../support/until.ts';

/** Threads that do what a test wants: `number` is the first bot of a share. */
function script(code: string): URL {
  const text = `
    import { parentPort as port, workerData } from 'node:worker_threads';
    const number = workerData.bots[0];
    const say = (message) => port.postMessage(message);
    const totals = { sent: number };
    setInterval(() => {}, 1_000);
    ${code}`;
  return new URL(`data:text/javascript,${encodeURIComponent(text)}`);
}

const shares = [0, 1, 2].map((number) => ({ bots: [number] }) as unknown as WorkerOptions);

const workers: Worker[] = [];
const onWorker = (worker: Worker): void => {
  workers.push(worker);
};
/** Threads that have ended have no id. */
const running = (): number => workers.filter(({ threadId }) => threadId !== -1).length;

beforeEach(() => {
  workers.length = 0;
  process.on('worker', onWorker);
});
afterEach(() => {
  process.off('worker', onWorker);
});

describe('the threads of a load test', () => {
  it('all end when one cannot start', async () => {
    const starting = Team.start({
      shares,
      script: script("if (number === 1) throw new Error('no \\u001b[2Jmemory'); say({ kind: 'ready' });"),
    });
    await expect(starting).rejects.toMatchObject({
      code: 'worker_failed',
      message: 'A thread of the load test could not start: no \\u001b[2Jmemory.',
    });
    expect(workers).toHaveLength(3);
    await until(() => running() === 0);
  });

  it('all end when one finds an input that it cannot use, and say what it is', async () => {
    const refusal = `{ code: 'audio_not_found', message: 'a.wav does not exist.', hint: 'Check the path.' }`;
    const starting = Team.start({
      shares,
      script: script(`if (number === 2) say({ kind: 'refused', refusal: ${refusal} });`),
    });
    await expect(starting).rejects.toMatchObject({
      name: 'EmulatorError',
      code: 'audio_not_found',
      message: 'a.wav does not exist.',
      hint: 'Check the path.',
    });
    await until(() => running() === 0);
  });

  it('hand over an error of its own class, with all of its problems, and the exit code that it has anywhere', async () => {
    const real = new URL('../../dist/load/worker.js', import.meta.url);
    const missing = Team.start({
      shares: shares.map((share) => ({ ...share, scenario: 'not-there.yaml' })),
      script: real,
    });
    const error = await missing.catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: 'UsageError', code: 'file_unreadable', hint: 'Check the path.' });
    expect(error).toBeInstanceOf(UsageError);
    const problems = `[{ code: 'after_end', message: 'Late.' }, { code: 'already_muted', message: 'Muted.' }]`;
    const invalid = Team.start({
      shares,
      script: script(
        `say({ kind: 'refused', refusal: { name: 'InvalidInputError', code: 'invalid_scenario', message: '', problems: ${problems} } });`,
      ),
    });
    const input = await invalid.catch((thrown: unknown) => thrown);
    expect(input).toBeInstanceOf(InvalidInputError);
    expect(input).toMatchObject({ code: 'invalid_scenario', message: 'Late.\nMuted.' });
    const silent = vi.spyOn(console, 'error').mockImplementation(() => {});
    expect([error, input].map(reportError)).toEqual([EXIT.usage, EXIT.usage]);
    silent.mockRestore();
    await until(() => running() === 0);
  });

  it('all end when an interrupt comes before they are ready', async () => {
    const ending = new AbortController();
    const starting = Team.start({ shares, signal: ending.signal, script: script('') });
    await until(() => workers.length === 3);
    ending.abort();
    expect(await starting).toBeUndefined();
    await until(() => running() === 0);
    expect(await Team.start({ shares, signal: ending.signal })).toBeUndefined();
    expect(workers).toHaveLength(3);
  });

  it('stop and tell what they have when one dies', async () => {
    const team = await Team.start({
      shares,
      script: script(`
        port.on('message', ({ kind }) => {
          if (kind === 'start') say({ kind: 'progress', totals, intervalLateness: '' });
          if (kind === 'start' && number === 1) setTimeout(() => { throw new Error('out of memory'); });
          if (kind === 'stop') say({ kind: 'done', totals, histograms: {} });
        });
        say({ kind: 'ready' });`),
    });
    expect(await team!.play(undefined)).toBe('a thread of this load test died (out of memory)');
    expect(team!.members.map(({ totals, ending }) => [totals?.sent, ending?.kind])).toEqual([
      [0, 'done'],
      [1, 'died'],
      [2, 'done'],
    ]);
    await team!.close();
    await until(() => running() === 0);
  });

  it('are ended when they do not end by themselves', async () => {
    const ending = new AbortController();
    const team = await Team.start({
      shares,
      stopMs: 50,
      script: script(
        "port.on('message', ({ kind }) => { if (kind === 'stop') for (;;); }); say({ kind: 'ready' });",
      ),
    });
    const played = team!.play(ending.signal);
    ending.abort();
    expect(await played).toBeUndefined();
    await until(() => running() === 0);
  });
});
