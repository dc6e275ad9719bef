import { describe, expect, it } from 'vitest';
import { runCli } from '../support/cli.ts';
import { withHooks } from '../support/mock.ts';

describe('recall-emulator trigger', () => {
  it('sends an event with overrides, and says what came back', async () => {
    await withHooks(async (app) => {
      const { code, stdout } = await runCli(
        ...['trigger', 'bot.call_ended', '--to', `${app.url}?token=abc`],
        ...['--secret', 'whsec_c2VjcmV0', '--duplicate'],
        ...[
          '--override',
          'data.data.sub_code=bot_kicked_from_call',
          '--override',
          'data.bot.metadata={"a":"1"}',
        ],
      );
      expect(code).toBe(0);
      expect(stdout).toMatch(/^(✔ bot\.call_ended \(msg_\w+\) to http:\S+\?token=\*\*\*: HTTP 200\n){2}$/);
      expect(app.hooks).toHaveLength(2);
      expect(app.hooks[0]!.body.data).toMatchObject({
        data: { code: 'call_ended', sub_code: 'bot_kicked_from_call' },
        bot: { metadata: { a: '1' } },
      });
    });
  });

  it('fails when nobody takes it, and is JSON for programs', async () => {
    const { code, stdout } = await runCli('trigger', 'bot.done', '--to', 'http://127.0.0.1:1', '--json');
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      ok: false,
      event: 'bot.done',
      results: [{ status: null, error: 'connection refused' }],
    });
  });

  it('prints a message, or all there is, and sends nothing', async () => {
    const printed = await runCli(
      'trigger',
      'calendar.sync_events',
      '--print',
      '--override',
      'data.calendar_id=c1',
    );
    expect(JSON.parse(printed.stdout)).toMatchObject({
      event: 'calendar.sync_events',
      data: { calendar_id: 'c1' },
    });
    const listed = await runCli('trigger', '--list', '--json');
    expect(JSON.parse(listed.stdout)).toHaveLength(53 + 15);
    expect((await runCli('trigger', '--list')).stdout).toMatch(/^transcript\.data +websocket, webhook$/m);
  });

  it.each([
    [[], 'error: There is no event to send. Name one, such as bot.done; --list has all of them.'],
    [['bot.done'], 'error: There is no URL to send bot.done to. Give --to'],
    [['bot.done', '--to', 'http://127.0.0.1:1', '--stale'], 'Give --secret.'],
    [['bot.done', '--print', '--override', 'x'], 'Give path=value'],
  ])('refuses %j', async (args, told) => {
    const { code, stderr } = await runCli('trigger', ...args);
    expect(stderr).toContain(told);
    expect(code).toBe(2);
  });
});
