/** What others saw beside the ledger goes into causes, where there is somebody who saw it. */
import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { diagnoseSession } from '../../src/diagnose/diagnose.ts';
import type { Witnesses } from '../../src/diagnose/evidence.ts';
import { PingWitness } from '../../src/diagnose/pings.ts';
import type { Session } from '../../src/emulator/session.ts';
import { ended, oneTalks, playAt } from '../support/chaos.ts';
import { closeFrame, good, rawReceiver } from '../support/raw-receiver.ts';

/** A call in which this happens at 1.05 s. */
async function callWith(act: (raw: Awaited<ReturnType<typeof rawReceiver>>) => unknown): Promise<Session> {
  await using raw = await rawReceiver(good);
  const { session } = await playAt(raw.url, { scenario: oneTalks(3) }, [
    {
      atSeconds: 1.05,
      async act(session) {
        await act(raw);
        await ended(session);
      },
    },
  ]);
  return session;
}

describe('the end of the process', () => {
  const exitAt = (atSeconds: number, code: number | null, signal: string | null): Witnesses => ({
    exit: { code, signal, atSeconds, stderr: ['Traceback:', "TypeError: 'NoneType'", 'at line 3'] },
    lastMessages: [{ connection: 1, kind: 'text', bytes: 4_300, event: 'audio_separate_raw.data' }],
  });

  it('is certain where it was seen, with its exit code, its last words and the last message', async () => {
    const session = await callWith((raw) => raw.peers[0]!.socket.destroy());
    // Nobody saw it: a connection was lost, and that is all there is.
    expect(diagnoseSession(session)).toMatchObject([{ code: 'unknown' }]);
    expect(diagnoseSession(session, exitAt(1.1, 3, null))).toMatchObject([
      {
        code: 'crash',
        certainty: 'certain',
        text: 'The receiver crashed (exit code 3) at 1.05 s: all connections were lost at one moment',
        evidence: [
          '#1 ended at 1.05 s (no close frame)',
          'last message on #1: audio_separate_raw.data, text, 4300 bytes',
          'its standard error: Traceback:',
          "its standard error: TypeError: 'NoneType'",
          'its standard error: at line 3',
        ],
      },
    ]);
    expect(diagnoseSession(session, exitAt(1.1, null, 'SIGKILL'))[0]!.text).toContain('was ended by SIGKILL');
    expect(diagnoseSession(session, exitAt(1.1, 0, null))[0]!.text).toContain('ended itself (exit code 0)');
  });

  it('is none of a process that ended at another time', async () => {
    const session = await callWith((raw) => raw.peers[0]!.socket.destroy());
    expect(diagnoseSession(session, exitAt(20, 3, null))).toMatchObject([{ code: 'unknown' }]);
  });
});

describe('the last message', () => {
  it('tells which kind is expected', async () => {
    const session = await callWith((raw) => raw.peers[0]!.send(closeFrame(1003)));
    const last = (kind: 'text' | 'binary'): Witnesses => ({
      lastMessages: [{ connection: 1, kind, bytes: 100, event: 'anything' }],
    });
    expect(diagnoseSession(session, last('text'))[0]!.text).toContain('expects binary messages');
    expect(diagnoseSession(session, last('binary'))[0]!.text).toContain('expects text messages');
  });
});

/** A receiver in a thread of its own, which stands still for so long at every tenth message. */
const BLOCKING = `
  const { WebSocketServer } = require('ws');
  const { parentPort, workerData } = require('node:worker_threads');
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  let messages = 0;
  server.on('connection', (socket) => socket.on('message', () => {
    messages++;
    if (messages % 10 === 0) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, workerData);
  }));
  server.on('listening', () => parentPort.postMessage(server.address().port));
`;

describe('pings', () => {
  /** Causes of a call whose connection is pinged all the time. */
  async function pinged(blockMs: number): Promise<ReturnType<typeof diagnoseSession>> {
    const worker = new Worker(BLOCKING, { eval: true, workerData: blockMs });
    const port = await new Promise<number>((resolve) => worker.once('message', resolve));
    const pings = new PingWitness();
    const { report, session } = await playAt(`ws://127.0.0.1:${port}/`, {
      scenario: oneTalks(6),
      speed: 1,
      closeTimeoutSeconds: 5,
      onSession: (made) => {
        (made.options.connection as { probe?: unknown }).probe = {
          pingEveryMs: 50,
          onConnected() {},
          onRoundTrip: (ms: number) => pings.note(made.elapsedSeconds, ms),
        };
      },
    });
    await worker.terminate();
    expect(report.ok).toBe(true);
    expect(pings.seen.count).toBeGreaterThan(10);
    return diagnoseSession(session, { pings: pings.seen });
  }

  it('show an event loop that is blocked', async () => {
    expect(await pinged(500)).toMatchObject([
      { code: 'blocks_event_loop', certainty: 'likely', text: expect.stringContaining('answer a ping in') },
    ]);
  });

  it('that are slow at all times are a long way', async () => {
    const session = await callWith((raw) => raw.peers[0]!.socket.destroy());
    const far = new PingWitness();
    for (let second = 0; second < 10; second++) far.note(second, 300 + second);
    expect(diagnoseSession(session, { pings: far.seen }).map(({ code }) => code)).toEqual(['unknown']);
  });
});
