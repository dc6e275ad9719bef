import { describe, expect, it } from 'vitest';
import { trigger } from '../../src/index.ts';
import { startCli } from '../support/cli.ts';

const SECRET = 'whsec_YSBzZWNyZXQgb2Ygc29tZSBsZW5ndGg=';

describe('recall-emulator inbox', () => {
  it('prints a line for each webhook, and one with what to do', async () => {
    const cli = startCli('inbox', '--port', '0', '--secret', SECRET);
    const to = (await cli.printed(/http:\/\/[\d.:]+/)).trim();
    await trigger('bot.done', { to: `${to}/hooks`, secret: SECRET });
    await trigger('bot.fatal', {
      to,
      secret: SECRET,
      stale: true,
      overrides: { event: 'bot.\u001b[2Jfatal' },
    });
    await cli.printed(/One of the clocks is wrong/);
    cli.process.kill('SIGINT');
    const { code, stdout, stderr } = await cli.ended;
    expect(stderr).toMatch(/✔ bot\.done msg_\w+ at \/hooks: The signature is right\./);
    expect(stderr).toMatch(
      /✘ bot\.\\u001b\[2Jfatal msg_\w+ at \/: The signature is right, but it was made 600 s ago/,
    );
    expect(stdout).toBe('2 webhooks: 1 right, 1 wrong, 0 not checked\n');
    expect(code).toBe(1);
  });

  it('is JSON for programs, a line each and the counts last', async () => {
    const cli = startCli('inbox', '--port', '0', '--secret', SECRET, '--json');
    const to = (await cli.printed(/http:\/\/[\d.:]+/)).trim();
    await trigger('calendar.update', { to, secret: SECRET });
    cli.process.kill('SIGINT');
    const { code, stdout } = await cli.ended;
    const [first, last] = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(first).toMatchObject({
      number: 1,
      event: 'calendar.update',
      signature: { ok: true },
      answered: 200,
    });
    expect(last).toEqual({ ok: true, webhooks: 1, right: 1, wrong: 0, not_checked: 0, not_taken: 0 });
    expect(code).toBe(0);
  });
});
