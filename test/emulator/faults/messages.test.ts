/** Faults that are about messages and their bytes. */
import { describe, expect, it } from 'vitest';
import { UNKNOWN_EVENT } from '../../../src/emulator/faults/unknown-event.ts';
import { DEFECTS } from '../../../src/emulator/spoilers.ts';
import { readRealtimeEvent } from '../../../src/protocol/events.ts';
import { tenths, withFault } from '../../support/faults.ts';
import { good, OPCODE, type Peer, serverFrame, thenGood } from '../../support/raw-receiver.ts';

const kindOf = (text: string): string => {
  try {
    return readRealtimeEvent(JSON.parse(text)).kind;
  } catch {
    return 'invalid';
  }
};

describe('lost', () => {
  it('leaves messages out, and says which fault did it', async () => {
    const { relatives, report } = await withFault('lost=100%@500ms-800ms');
    expect(relatives).toEqual(tenths(0.5, 0.6, 0.7));
    expect(report).toMatchObject({ ok: true, sent: 17, dropped: { total: 3, fault: 3 } });
    expect(report.failures).toEqual([
      { code: 'fault', text: 'fault lost=100%@500ms-800ms', frames: 3, connections: 0 },
    ]);
  });

  it('loses the same ones with the same seed, and others with another', async () => {
    const run = async (seed: number) => {
      const { relatives, report } = await withFault('lost=50%', {
        scenario: {
          seed,
          participants: [{ id: 100 }],
          duration: 2,
          timeline: [{ at: 0, participant: 100, action: 'unmute' }],
        },
      });
      expect(report.dropped.fault).toBe(20 - relatives.length);
      return relatives;
    };
    expect(await run(1)).toEqual(await run(1));
    expect(await run(2)).not.toEqual(await run(1));
  });
});

describe('duplicated', () => {
  it('sends messages twice; the second is no frame of ours', async () => {
    const { texts, relatives, report } = await withFault('duplicated=100%@500ms-800ms');
    expect(relatives.slice(4, 12)).toEqual([0.4, 0.5, 0.5, 0.6, 0.6, 0.7, 0.7, 0.8]);
    expect(texts[5]).toBe(texts[6]);
    expect(report).toMatchObject({ ok: true, scheduled: 20, sent: 20, injected: 3, dropped: { total: 0 } });
    expect(report.participants[0]!.connections[0]!.injected).toBe(3);
    expect(report.verdict).toContain('3 messages injected');
  });
});

describe('slicer', () => {
  it('sends segments of so many bytes, which are the same messages together', async () => {
    const chunks: number[] = [];
    const plain = await withFault([]);
    const sliced = await withFault('slicer=500', {
      startTime: new Date('2026-01-01'),
      behaviour: (peer: Peer) => {
        peer.socket.on('data', (chunk: Buffer) => chunks.push(chunk.length));
        return good(peer);
      },
    });
    // The first is the upgrade request.
    expect(Math.max(...chunks.slice(1))).toBeLessThanOrEqual(500);
    expect(chunks.length).toBeGreaterThan(20 * 8);
    expect(sliced.relatives).toEqual(plain.relatives);
    expect(sliced.report).toMatchObject({ ok: true, sent: 20 });
  });

  it('never lets a pong into the middle of a message', async () => {
    const { relatives, peers } = await withFault('slicer=300', {
      behaviour: thenGood((peer) => {
        let pings = 0;
        peer.socket.on('data', () => {
          if (pings++ < 50) peer.send(serverFrame(OPCODE.ping, 'x'));
        });
      }),
    });
    expect(peers[0]!.frames.some(({ opcode }) => opcode === OPCODE.pong)).toBe(true);
    expect(relatives).toEqual(tenths());
  });
});

describe('fragments', () => {
  it('makes of each message a text frame and continuation frames', async () => {
    const startTime = new Date('2026-01-01');
    const plain = await withFault([], { startTime });
    const { texts, peers, report } = await withFault('fragments=3', { startTime });
    expect(texts).toEqual(plain.texts);
    expect(peers[0]!.frames.slice(0, 6).map(({ opcode }) => opcode)).toEqual([1, 0, 0, 1, 0, 0]);
    expect(report).toMatchObject({ ok: true, sent: 20, injected: 0 });
  });
});

describe('clock_skew', () => {
  it.each([
    ['micros-offset', '2026-01-01T00:00:02.000000+00:00'],
    ['z-micros', '2026-01-01T00:00:02.000000Z'],
    ['z-millis', '2026-01-01T00:00:02.000Z'],
  ] as const)('moves absolute and not relative (%s)', async (absoluteFormat, absolute) => {
    const { texts, relatives } = await withFault('clock_skew=2s', {
      startTime: new Date('2026-01-01'),
      absoluteFormat,
    });
    expect(JSON.parse(texts[0]!).data.data.timestamp).toEqual({ relative: 0, absolute });
    expect(relatives).toEqual(tenths());
  });

  it('drifts', async () => {
    const { texts } = await withFault('clock_skew=-1s,ppm=100', { startTime: new Date('2026-01-01') });
    // 1.9 s later, 100 millionths of that ahead, one second behind.
    expect(JSON.parse(texts[19]!).data.data.timestamp.absolute).toBe('2026-01-01T00:00:00.900190+00:00');
  });
});

describe('malformed', () => {
  it.each(DEFECTS.filter((defect) => defect !== 'wrong_order'))(
    'sends one with %s before the good one',
    async (defect) => {
      const { texts, report } = await withFault(`malformed=${defect},rate=100%@500ms-700ms`);
      expect(texts.map(kindOf).filter((kind) => kind === 'event')).toHaveLength(20);
      expect(texts.map(kindOf).slice(5, 9)).toEqual(['invalid', 'event', 'invalid', 'event']);
      expect(report).toMatchObject({ ok: true, sent: 20, injected: 2 });
    },
  );
});

describe('unknown_event', () => {
  it('sends an event that nobody knows, in the envelope of the others', async () => {
    const { texts, report } = await withFault('unknown_event=100%@500ms-700ms');
    const unknown = texts.filter((text) => JSON.parse(text).event === UNKNOWN_EVENT);
    expect(unknown).toHaveLength(2);
    expect(unknown.map(kindOf)).toEqual(['unknown', 'unknown']);
    expect(JSON.parse(unknown[0]!).data.recording.id).toBe(JSON.parse(texts[0]!).data.recording.id);
    expect(report).toMatchObject({ ok: true, sent: 20, injected: 2 });
  });
});

describe('unknown_fields', () => {
  it('adds fields on every level, and the message is valid all the same', async () => {
    const { texts, report } = await withFault('unknown_fields@500ms-700ms');
    const grown = texts.filter((text) => text.includes('x_new_field'));
    expect(grown).toHaveLength(2);
    const { data } = JSON.parse(grown[0]!);
    expect(data.data.participant.x_new_field).toBeDefined();
    expect(data.data.timestamp.x_new_field).toBeDefined();
    expect(data.data.participant.extra_data).toEqual({});
    expect(grown.map(kindOf)).toEqual(['event', 'event']);
    expect(report).toMatchObject({ ok: true, sent: 20, injected: 0 });
  });
});

describe('faults together', () => {
  const ALL = [
    'malformed,rate=50%',
    'unknown_event=50%',
    'duplicated=50%',
    'unknown_fields',
    'clock_skew=1s',
    'fragments=2',
    'fragments=3',
    'slicer=700',
    'latency=10ms',
    'swapped=20%',
  ];
  it.each([
    ['in one order', ALL],
    ['in the other', [...ALL].reverse()],
  ])('leave every message whole, %s', async (_order, faults) => {
    const { texts, report } = await withFault(faults);
    expect(report).toMatchObject({ ok: true, sent: 20, dropped: { total: 0 } });
    expect(texts).toHaveLength(20 + report.injected);
    const events = texts.filter((text) => kindOf(text) === 'event').map((text) => JSON.parse(text));
    const places = new Set(events.map(({ data }) => data.data.timestamp.relative));
    expect([...places].sort((a, b) => a - b)).toEqual(tenths());
  });
});

describe('the embedded receiver', () => {
  it('is right to complain of what a fault injects, and the run is good all the same', async () => {
    const { play } = await import('../../../src/play.ts');
    const report = await play({
      scenario: {
        participants: [{ id: 100 }],
        duration: 2,
        timeline: [{ at: 0, participant: 100, action: 'unmute' }],
      },
      speed: 'max',
      faults: ['malformed,rate=50%'],
    });
    expect(report.injected).toBeGreaterThan(0);
    expect(report.verdict).not.toContain('problem');
    expect(report.ok).toBe(true);
  });
});
