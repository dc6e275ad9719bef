/** The same fault at every door: the command line, a scenario, a load test and the control API. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { meeting } from '../../src/scenario/builder.ts';
import { withCall } from '../support/call.ts';
import { runCli, withFolder } from '../support/cli.ts';
import { good, rawReceiver } from '../support/raw-receiver.ts';

const YAML = `
duration: 2s
participants: [{ id: 100, name: Ada }]
timeline: [{ at: 0s, participant: 100, action: unmute }]
`;

function withScenario<T>(text: string, use: (file: string) => Promise<T>): Promise<T> {
  return withFolder(async (dir) => {
    const file = join(dir, 'meeting.yaml');
    writeFileSync(file, text);
    return use(file);
  });
}

describe('a fault on the command line', () => {
  it('is played, told as ours, and no failure', () =>
    withScenario(YAML, async (file) => {
      await using raw = await rawReceiver(good);
      const { code, stdout } = await runCli(
        ...['play', file, '--to', raw.url, '--speed', 'max', '--quiet'],
        ...['--fault', 'lost=100%@500ms-1s', '--fault', 'duplicated=100%@1s-1200ms'],
      );
      expect(stdout).toContain('lost 5 frames (fault)');
      expect(stdout).toContain('2 messages injected by faults');
      expect(stdout).toContain(
        '15 of 20 frames delivered over 1 connection, 5 frames lost to the faults asked for',
      );
      expect(code).toBe(0);
    }));

  it('that cannot be is refused before anything is dialled', async () => {
    const { code, stderr } = await runCli('play', '--fault', 'latancy=3s');
    expect(stderr).toContain('"latancy" is no fault; there are reconnect, late_close, drop');
    expect(code).toBe(2);
  });
});

describe('a fault in a scenario', () => {
  it('is played as it is written', () =>
    withScenario(`${YAML}faults: [{ at: 1s, for: 500ms, participant: 100, fault: idle }]\n`, async (file) => {
      await using raw = await rawReceiver(good);
      const { code, stdout } = await runCli('play', file, '--to', raw.url, '--speed', 'max', '--json');
      expect(JSON.parse(stdout)).toMatchObject({ ok: true, sent: 15, dropped: { fault: 5 } });
      expect(code).toBe(0);
    }));

  it('is checked by validate, with its line', () =>
    withScenario(`${YAML}faults:\n  - { at: 1s, fault: rest }\n`, async (file) => {
      const { code, stdout } = await runCli('validate', file);
      expect(stdout).toContain('meeting.yaml:6:22 faults[0].fault: "rest" is no fault');
      expect(code).toBe(2);
    }));
});

describe('a fault in a load test', () => {
  it('befalls every bot', async () => {
    await using raw = await rawReceiver(good);
    const { stdout } = await runCli(
      ...['load', raw.url, '--bots', '2', '--participants', '1', '--duration', '2s', '--ramp', '0'],
      ...['--fault', 'lost=100%@500ms-1500ms', '--json', '--quiet'],
    );
    const report = JSON.parse(stdout);
    expect(report.scheduled).toBe(40);
    expect(report.dropped).toMatchObject({ total: report.dropped.fault });
    expect(report.dropped.fault).toBeGreaterThan(0);
    expect(report.failures).toMatchObject([{ code: 'fault', text: 'fault lost=100%@500ms-1500ms' }]);
    expect(raw.peers.reduce((sum, { messages }) => sum + messages, 0)).toBe(report.sent);
  });
});

describe('a fault over the control API', () => {
  const quiet = meeting({ duration: 60 })
    .participant({ id: 100 }, (ada) => ada.unmute(0))
    .build();

  it('begins now, is listed while it lasts, and ends on demand', async () => {
    await withCall(quiet, async (call) => {
      await call.advance(1);
      const begun = await call.command('faults', undefined, {
        fault: 'lost',
        rate: '100%',
        participant: 100,
      });
      expect(begun).toMatchObject({ status: 201, body: { faults: [expect.stringContaining('rate=100%')] } });
      await call.advance(1);
      const [report] = (await call.detail()).reports;
      expect(report.dropped).toMatchObject({ total: 10, fault: 10 });
      await call.end();
    });
  });

  it('that cannot be is told what is wrong with it', async () => {
    await withCall(quiet, async (call) => {
      await call.advance(1);
      for (const [body, says] of [
        [{ fault: 'rest' }, '"rest" is no fault'],
        [{ fault: 'lost', participant: 7 }, 'There is no participant 7'],
        [{ fault: 'stall', until: 'soon' }, 'until: "soon" is no time'],
      ] as const) {
        const refused = await call.command('faults', undefined, body);
        expect(refused.status).toBe(400);
        expect(JSON.stringify(refused.body)).toContain(says.replaceAll('"', '\\"'));
      }
      await call.end();
    });
  });
});
