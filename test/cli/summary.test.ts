import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type PlayReport, play } from '../../dist/index.js';
import { widthOf } from '../../src/cli/layout.ts';
import { summaryLines } from '../../src/cli/summary.ts';
import { withFolder } from '../support/cli.ts';
import { withReceiver } from '../support/faulty-receiver.ts';

const NAMES = [
  '王小明 from the office in 東京 with a very long name',
  '🎉 Bo',
  '',
  'x\\u001b[2J\\n✔ all is well',
];

const MEETING = `
duration: 1s
participants:
${NAMES.map((name, index) => `  - { id: ${(index + 1) * 100}, name: "${name}" }`).join('\n')}
timeline:
${[100, 200, 300].map((participant) => `  - { at: 0s, participant: ${participant}, action: unmute }`).join('\n')}
`;

/** A meeting at a receiver that refuses, closes with a reason and hangs up. */
function report(): Promise<PlayReport> {
  return withFolder((dir) => {
    const scenario = join(dir, 'meeting.yaml');
    writeFileSync(scenario, MEETING);
    return withReceiver(
      [
        { kind: 'status', status: 503 },
        { kind: 'close', after: 2, code: 1011, reason: 'out of\r\n✔ memory\u001b[2J' },
        { kind: 'hang-up' },
      ],
      ({ url }) => play({ scenario, to: url, retryIntervalSeconds: 0.1 }),
    );
  });
}

describe('the summary of a run', () => {
  it('has every fact in 80 columns, and in fewer', async () => {
    const result = await report();
    expect(result.dropped.disconnected).toBeGreaterThan(0);
    for (const width of [80, 60, 40]) {
      const lines = summaryLines(result, width);
      const text = lines.join('\n');
      for (const line of lines) {
        expect(widthOf(line), line).toBeLessThanOrEqual(width);
        // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not be there
        expect(line).not.toMatch(/[\u0000-\u001f]/);
        expect(line).not.toMatch(/^✔/);
      }
      const words = text.replace(/\n\s*/g, ' ');
      for (const { id, connections } of result.participants) {
        expect(text).toContain(`#${id}`);
        for (const connection of connections) {
          expect(text).toContain(`${connection.sent}/${connection.scheduled}`);
          const { disconnected } = connection.dropped;
          if (disconnected > 0)
            expect(words).toMatch(new RegExp(`lost .*${disconnected} frames? \\(disconnected\\)`));
        }
      }
      expect(words).toContain('HTTP 503');
      expect(words).toContain('close code 1011 "out of\\r\\n✔ memory\\u001b[2J"');
      expect(words).toContain('1 retry');
      expect(text).toContain(result.recording_id);
    }
  });

  it('has a row for the events of the call, and what was lost of them', async () => {
    const result = await withFolder((dir) => {
      const scenario = join(dir, 'meeting.yaml');
      writeFileSync(scenario, MEETING);
      return withReceiver([{ kind: 'status', status: 503 }], ({ url }) =>
        play({
          scenario,
          to: url,
          speed: 'max',
          events: ['participant_events.*', 'audio_mixed_raw.data'],
          connectGraceSeconds: 0,
          retryIntervalSeconds: 0.5,
        }),
      );
    });
    const { scheduled, sent, dropped } = result.events;
    expect(dropped.disconnected).toBeGreaterThan(0);
    for (const width of [80, 40]) {
      const text = summaryLines(result, width).join('\n').replace(/\n\s+/g, ' ');
      expect(text).toMatch(/^events\b/m);
      expect(text).toContain(`${sent}/${scheduled}`);
      expect(text).toContain(`events lost ${dropped.disconnected} events (disconnected)`);
    }
  });

  it('says once what befell many connections', async () => {
    const result = await report();
    const [first] = result.participants;
    const failed = {
      ...first!.connections[0]!,
      error: { code: 'upgrade_status', text: 'HTTP 403' },
    } as const;
    const lines = summaryLines(
      {
        ...result,
        participants: [1, 2, 3].map((number) => ({
          ...first!,
          connections: [{ ...failed, number, retries: 0 }],
        })),
      },
      80,
    );
    expect(lines.filter((line) => line.includes('HTTP 403'))).toEqual(['connections #1, #2, #3: HTTP 403']);
  });
});
