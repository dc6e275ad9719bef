/** Where cases are played: URLs with braces in them, and a command that says it anew for each case. */
import { describe, expect, it } from 'vitest';
import type { CheckOptions } from '../../../src/check/options.ts';
import type { CheckReport } from '../../../src/check/report.ts';
import { placeBySetup } from '../../../src/check/setup.ts';
import { checked, freePort } from './checked.ts';

/** The report, and the paths and sessions with which the receiver was dialled. */
async function dialled(
  optionsAt: (port: number) => Partial<CheckOptions>,
): Promise<{ readonly report: CheckReport; readonly urls: string[] }> {
  const port = await freePort();
  const urls: string[] = [];
  const report = await checked(
    {
      url: `ws://127.0.0.1:${port}/audio/`,
      connections: 'both',
      onOutput: (_, line) => {
        if (line.startsWith('url ')) urls.push(line.slice('url '.length).trim());
      },
      ...optionsAt(port),
    },
    { PORT: port, SAY_URLS: 1 },
  );
  return { report, urls };
}

const PLACE = {
  url: 'ws://127.0.0.1:1/',
  headers: {},
  secret: undefined,
  insecure: false,
  tolerateInvalidFrames: false,
  botMetadata: {},
};

const setup = (script: string): string => `${process.execPath} -e '${script}'`;

describe('the URL', () => {
  it('has the number of the meeting and the id of its bot', async () => {
    const { report, urls } = await dialled((port) => ({
      url: `ws://127.0.0.1:${port}/{n}/{bot_id}/?token=t{n}`,
    }));
    const [first, second] = report.cases.map(({ meetings }) => meetings[0]!.bot_id);
    expect(urls).toEqual([`/1/${first}/?token=t1`, `/2/${second}/?token=t2`]);
    expect(report.url).toMatch(/^ws:\/\/127\.0\.0\.1:\d+\/\{n\}\/\{bot_id\}\/\?token=\*\*\*$/);
  });
});

describe('a setup command', () => {
  it('says where each case is played', async () => {
    const script =
      'console.log(JSON.stringify({ headers: { "X-Session": process.env.RECALL_EMULATOR_CONNECTIONS }, bot_metadata: { of: process.env.RECALL_EMULATOR_CASE } }))';
    const { urls } = await dialled(() => ({ setup: setup(script) }));
    expect(urls).toEqual(['/audio/ per-participant', '/audio/ per-endpoint']);
  });

  it('may give a URL of its own', async () => {
    const { urls } = await dialled((port) => ({
      setup: setup(`console.log(JSON.stringify({ url: "ws://127.0.0.1:${port}/session-{n}/" }))`),
    }));
    expect(urls).toEqual(['/session-1/', '/session-2/']);
  });

  it('that fails ends the check', async () => {
    await expect(
      checked({ setup: setup('console.error("no token"); process.exit(3)') }),
    ).rejects.toMatchObject({
      code: 'setup_failed',
      message: 'The setup command ended with code 3, before basic.one_speaker.',
      hint: 'It wrote: no token',
    });
  });

  it.each([
    ['setTimeout(() => {}, 60_000)', 'setup_failed', 'took longer than 0.2 s'],
    ['console.log("ready")', 'setup_output', 'printed no JSON: ready'],
    ['console.log("{\\"ur\\": 1}")', 'setup_output', 'ur'],
    ['console.log("{\\"url\\": \\"http://a/\\"}")', 'invalid_url', 'does not begin a WebSocket URL'],
    ['console.log("{\\"headers\\": {\\"a b\\": \\"\\"}}")', 'invalid_header', 'cannot be sent'],
    ['console.log("x".repeat(1e6))', 'setup_failed', 'printed more than'],
  ])('that does %s is told: %s', async (script, code, text) => {
    const failed = placeBySetup(setup(script), PLACE, {
      caseId: 'basic.one_speaker',
      env: {},
      timeoutMs: script.includes('Timeout') ? 200 : 30_000,
      signal: new AbortController().signal,
    });
    await expect(failed).rejects.toMatchObject({ code, message: expect.stringContaining(text) });
  });
});
