import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { meeting } from '../../src/index.ts';
import { type PlayOptions, play } from '../../src/play.ts';
import type { Scenario } from '../../src/scenario/schema.ts';
import { TraceFiles } from '../../src/trace/file.ts';
import { SessionTrace } from '../../src/trace/session.ts';
import { framesOf, readTrace } from '../support/trace-file.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'trace-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const two: Scenario = meeting({ duration: 4 })
  .participant({ id: 100, name: 'Ada' }, (ada) => ada.unmute(0).speak(0.5, { duration: 1 }).mute(2).unmute(3))
  .participant({ id: 200, name: null }, (bo) => bo.unmute(1).speak(1.2, { duration: 2 }))
  .build();

async function traced(options: PlayOptions) {
  const path = join(dir, 'trace.html');
  const file = (await TraceFiles.open()).create(path);
  let trace: SessionTrace | undefined;
  const report = await play({
    scenario: two,
    speed: 'max',
    ...options,
    onSession: (session) => {
      trace = new SessionTrace(session, file, { subtitle: 'a test' });
    },
  });
  trace!.conclude(report);
  const [read] = readTrace(path);
  return { report, read: read!, failure: file.failure };
}

describe('the trace of a session', () => {
  it('has every frame, as the ledger counts them', async () => {
    const { report, read } = await traced({ faults: ['lost=20%'] });
    const frames = framesOf(read);
    const lost = frames.filter(({ outcome }) => outcome === 'fault');
    expect(lost.length).toBeGreaterThan(0);
    expect(lost).toHaveLength(report.dropped.total);
    expect(frames.filter(({ outcome }) => outcome === 'sent')).toHaveLength(report.sent);
    expect(frames).toHaveLength(report.scheduled);
  });

  it('knows who was unmuted when, on which connection, and how that ended', async () => {
    const { read } = await traced({});
    const of = (kind: string) => read.rows.filter((row) => row.kind === kind);
    expect(of('stream').map((row) => ({ ...row, as: undefined }))).toEqual([
      { kind: 'stream', at: 0, participant: 0 },
      { kind: 'stream', at: 1, participant: 1 },
      { kind: 'stream', at: 3, participant: 0 },
    ]);
    // Two that end together do so in any order.
    expect(new Set(of('mute'))).toEqual(
      new Set([
        { kind: 'mute', at: 2, participant: 0 },
        { kind: 'mute', at: 4, participant: 0 },
        { kind: 'mute', at: 4, participant: 1 },
      ]),
    );
    const ended = new Map(of('connection').map((row) => [(row as { number: number }).number, row]));
    expect([...ended.values()].map((row) => (row as { code: number }).code)).toEqual([1000, 1000, 1000]);
  });

  it('has what it came to, and the head of every message', async () => {
    const { report, read } = await traced({ botMetadata: { team: 'blue' } });
    expect(read.head).toMatchObject({
      kind: 'sent',
      mode: 'per-participant',
      recording: { id: report.recording_id },
      bot: { metadata: { team: 'blue' } },
    });
    expect(read.rows.findLast(({ kind }) => kind === 'end')).toMatchObject({
      ok: true,
      verdict: report.verdict,
      frames: { scheduled: report.scheduled, sent: report.sent, dropped: 0 },
    });
  });

  it('has the events of the call, without their base64', async () => {
    const { report, read } = await traced({ events: ['all'] });
    const events = read.rows.filter((row) => row.kind === 'event' && row.connection > 0);
    expect(events).toHaveLength(report.events.sent);
    expect(JSON.stringify(events)).toContain('characters)');
    expect(Math.max(...events.map((row) => JSON.stringify(row).length))).toBeLessThan(4_000);
  });

  it('is written while the run goes on: nothing is kept until its end', async () => {
    const long = meeting({ duration: 120 })
      .participant({ id: 1, name: 'Ada' }, (ada) => ada.unmute(0).speak(0, { duration: 120 }))
      .build();
    let meanwhile = 0;
    const path = join(dir, 'trace.html');
    const file = (await TraceFiles.open()).create(path);
    await play({
      scenario: long,
      speed: 'max',
      onSession: (session) => {
        new SessionTrace(session, file);
        session.tasks.at(session.options.pacer.clock.now() + 60_000, () => {
          meanwhile = framesOf(readTrace(path)[0]!).length;
        });
      },
    });
    expect(meanwhile).toBeGreaterThan(250);
    expect(meanwhile).toBeLessThan(601);
  });
});
