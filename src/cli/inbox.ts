/** `recall-emulator inbox`: takes webhooks, and says of each whether its signature is right and, if not, why. */
import { Command } from 'commander';
import type { InboxWebhook } from '../inbox/inbox.ts';
import { plainText } from '../plain-text.ts';
import { addFlags, optionsOf } from './command-flags.ts';
import { EXIT, interruptSignal } from './exit.ts';
import type { FlagName, FlagValues } from './flags.ts';
import { logLine } from './log-line.ts';
import { printJson, printWrapped, tell } from './print.ts';
import { colour } from './style.ts';

const INBOX = ['port', 'host', 'allowHost', 'secret', 'forward', 'insecure'] as const satisfies FlagName[];
const DEFAULT_PORT = 4_000;

type Flags = FlagValues<(typeof INBOX)[number] | 'json'>;

export function inboxCommand(): Command {
  const command = new Command('inbox').description(
    'Take webhooks, and say of each whether its signature is right and, if not, why.',
  );
  return addFlags(command, [...INBOX, 'json'], { port: `${DEFAULT_PORT}` })
    .addHelpText(
      'after',
      `
Examples:
  $ recall-emulator inbox --secret whsec_…
  $ recall-emulator inbox --secret whsec_… --forward http://127.0.0.1:3000/

Runs until Ctrl-C. Wrong signatures are answered with 401, all others with 200;
with --forward the answer is your app's.

Exit codes:
  0  no signature was wrong, and all that was to be passed on was taken
  1  one was, or was not taken
  2  wrong usage`,
    )
    .action(run);
}

async function run(flags: Flags): Promise<void> {
  const { startInbox } = await import('../inbox/inbox.ts');
  const signal = interruptSignal();
  const counts = { webhooks: 0, right: 0, wrong: 0, not_checked: 0, not_taken: 0 };
  await using inbox = await startInbox({
    ...optionsOf(INBOX, flags),
    port: flags.port ?? DEFAULT_PORT,
    onWebhook(webhook) {
      const { ok } = webhook.signature;
      counts.webhooks++;
      counts[ok === null ? 'not_checked' : ok ? 'right' : 'wrong']++;
      if (!wasTaken(webhook)) counts.not_taken++;
      if (flags.json === true) printJson(webhook);
      else for (const line of linesOf(webhook)) logLine(line);
    },
  });
  tell(`inbox at ${inbox.url}; Ctrl-C ends it`);
  if (!signal.aborted)
    await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
  await inbox.close();
  const ok = counts.wrong + counts.not_taken === 0;
  if (flags.json === true) printJson({ ok, ...counts });
  else {
    const passed = counts.not_taken === 0 ? '' : `; ${counts.not_taken} not taken by the app`;
    printWrapped(
      `${counts.webhooks} webhooks: ${counts.right} right, ${counts.wrong} wrong, ${counts.not_checked} not checked${passed}`,
    );
  }
  process.exitCode = ok ? EXIT.ok : EXIT.failed;
}

/** Whether the app took what was passed on, if anything was. */
function wasTaken({ forwarded }: InboxWebhook): boolean {
  if (forwarded === null) return true;
  return 'status' in forwarded && forwarded.status >= 200 && forwarded.status < 300;
}

/** One line, and one more with what to do. */
function linesOf({ event, id, signature, again, forwarded, path }: InboxWebhook): string[] {
  const { ok, text, hint, headers } = signature;
  const { stderr } = process;
  const mark = ok === null ? '·' : ok ? colour(stderr, 'green', '✔') : colour(stderr, 'red', '✘');
  const what = [event ?? 'no event', ...(id === null ? [] : [id]), ...(again ? ['(again)'] : [])];
  const names = headers === 'svix' ? ' (svix-* headers)' : '';
  const answer =
    forwarded === null ? '' : ` → ${'status' in forwarded ? `HTTP ${forwarded.status}` : forwarded.error}`;
  return [
    // Names and paths come from outside.
    `${mark} ${plainText(`${what.join(' ')} at ${path}`, 200)}: ${text}${names}${plainText(answer, 200)}`,
    ...(hint === null ? [] : [`    ${hint}`]),
  ];
}
