/** Chromium, where there is one: it is no dependency of ours. */
import { existsSync } from 'node:fs';
import { type Browser, chromium, type Page } from 'playwright-core';

/** Undefined when none is installed: what needs it is skipped, and says so. */
export const CHROMIUM = [
  process.env.CHROMIUM ?? '',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
].find((path) => path !== '' && existsSync(path));

/** `args`: more of Chromium's switches. */
export function launchBrowser(args: readonly string[] = []): Promise<Browser> {
  // Its sandbox does not start for root, as in most containers. The pages are our own.
  return chromium.launch({ executablePath: CHROMIUM!, args: ['--no-sandbox', ...args] });
}

/** What went wrong in a page, and what it asked the network for; filled while it lives. */
export function watchPage(page: Page): { readonly errors: string[]; readonly requests: string[] } {
  const errors: string[] = [];
  const requests: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') errors.push(message.text());
  });
  page.on('request', (request) => {
    if (!request.url().startsWith('data:')) requests.push(request.url());
  });
  return { errors, requests };
}
