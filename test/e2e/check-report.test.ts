/** The HTML report as people see it: in a browser, from a file. And how the command line writes it. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import axe from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { checkReportHtml } from '../../src/check/reports/html.ts';
import { startReceiver } from '../../src/receiver/receiver.ts';
import { CHROMIUM, launchBrowser, watchPage } from '../support/browser.ts';
import { CHECK_REPORT, HOSTILE_NAME } from '../support/check-report.ts';
import { runCli, withFolder } from '../support/cli.ts';
import { largeReport } from '../support/large-report.ts';

const FAILED = '#names.hostile';
const SIZE = { width: 1_280, height: 900 } as const;

/** Counts what is put into the lanes or taken out of them. */
const WATCH_LANES = `
  globalThis.changes = 0;
  const observer = new MutationObserver((records) => { globalThis.changes += records.length; });
  for (const lanes of document.querySelectorAll('.lanes'))
    observer.observe(lanes, { subtree: true, childList: true, attributes: true });
`;

describe.skipIf(CHROMIUM === undefined)('the HTML report in a browser', () => {
  let dir: string;
  let url: string;
  let browser: Browser;
  /** A page costs more than what most tests do with it: those that need nothing special share one. */
  let shared: Page;

  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), 'report-'));
    const file = join(dir, 'report.html');
    writeFileSync(file, await checkReportHtml(CHECK_REPORT));
    url = pathToFileURL(file).href;
    browser = await launchBrowser();
    shared = await browser.newPage({ viewport: SIZE });
  });
  afterEach(async () => {
    for (const context of browser.contexts()) if (context !== shared.context()) await context.close();
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(dir, { recursive: true });
  });

  async function open(hash: string): Promise<Page> {
    // Nothing is left of what the test before did.
    await shared.goto('about:blank');
    await shared.goto(url + hash);
    await shared.locator('h1').waitFor();
    return shared;
  }

  it('says what is wrong, and runs nothing and fetches nothing for whatever people are called', async () => {
    const page = await browser.newPage();
    const { errors, requests } = watchPage(page);
    await page.goto(url);
    expect(await page.locator('h1').textContent()).toBe('1 of 7 failed');
    expect(await page.locator('.lead').textContent()).toContain(`keys audio by name: ${HOSTILE_NAME}`);
    await page.getByRole('link', { name: 'names.hostile, a connection per participant: failed' }).click();
    await page.locator('.timeline').waitFor();
    expect(await page.locator('.lane-sent').first().textContent()).toContain(HOSTILE_NAME);
    // What turns the direction of writing is written out.
    expect(await page.locator('.lane-sent').nth(1).textContent()).toContain('\\u202egnp.exe');
    expect(await page.evaluate('globalThis.hacked')).toBeUndefined();
    expect(errors).toEqual([]);
    expect(requests).toEqual([url]);
  });

  it('shows the cases that somebody looks for', async () => {
    const page = await open('');
    const ids = (): Promise<string[]> => page.locator('.matrix .case code').allTextContents();
    expect((await ids()).length).toBe(5);
    await page.getByRole('button', { name: '1 not seen' }).click();
    await expect.poll(ids).toEqual(['mute.unseen']);
    await page.getByRole('button', { name: '1 not seen' }).click();
    await page.keyboard.press('/');
    await page.keyboard.type('Two HOSTILE');
    await expect.poll(ids).toEqual(['names.hostile']);
    await page.keyboard.press('Escape');
    await expect.poll(ids).toHaveLength(5);
  });

  it('opens at a case, where it came off worst, and goes on by keyboard', async () => {
    const page = await open(FAILED);
    expect(await page.locator('.topologies [aria-current]').textContent()).toContain('per participant');
    expect(await page.title()).toContain('names.hostile failed');
    await page.getByRole('link', { name: 'one connection for all' }).last().focus();
    await page.keyboard.press('Enter');
    await page.waitForURL(`${url}${FAILED}/per-endpoint`);
    const outcome = (): Promise<string | null> => page.locator('.outcome').textContent();
    await expect.poll(outcome).toContain('All that has to hold was seen to hold');
    await page.goBack();
    await page.locator('.outcome-fail').waitFor();
  });

  it('draws what was sent, what went over the wire and what was kept on one axis', async () => {
    const page = await open(FAILED);
    const left = async (selector: string): Promise<number> =>
      (await page.locator(selector).first().boundingBox())!.x;
    // Its file goes on until 3.4 s: that is the axis.
    const { x, width } = (await page.locator('.plot').first().boundingBox())!;
    const at = (seconds: number): number => Math.round(x + (width * seconds) / 3.4);
    expect(Math.round(await left('.run.foreign'))).toBe(at(1.5));
    expect(Math.round(await left('.lost'))).toBe(at(1));
    expect(Math.round(await left('.run-unknown'))).toBe(at(3));
    expect(Math.round(await left('.span-error'))).toBe(at(1.5));
    expect(await page.locator('.ribbons path.moved').count()).toBe(1);
    expect(await page.locator('.connection.ended-by-receiver').textContent()).toContain('1011');
    expect(await page.locator('.refused').first().getAttribute('title')).toContain('HTTP 503');
    await page.locator('.run.foreign').hover();
    await page.locator('.source').waitFor();
    expect(Math.round(await left('.source'))).toBe(at(0.8));
  });

  it('tells of the moment under the cursor, and zooms, by keyboard and by mouse', async () => {
    const page = await open(FAILED);
    const width = async (): Promise<number> => (await page.locator('.sheet').boundingBox())!.width;
    const before = await width();
    await page.locator('.scroller').focus();
    await page.keyboard.press('End');
    await page.keyboard.press('Shift+ArrowLeft');
    const readout = (): Promise<string | null> => page.locator('.readout').textContent();
    await expect.poll(readout).toContain('3.06 s');
    expect(await readout()).toContain('nothing that was sent');
    await page.keyboard.press('+');
    await expect.poll(width).toBeGreaterThan(before * 1.5);
    await page.keyboard.press('0');
    await expect.poll(width).toBe(before);
    const box = (await page.locator('.lane-sent .lane-track').first().boundingBox())!;
    await page.mouse.move(box.x + box.width / 2, box.y + 5);
    await page.mouse.down();
    await page.mouse.move(box.x + (box.width * 3) / 4, box.y + 5, { steps: 4 });
    await page.mouse.up();
    // A quarter of it.
    await expect.poll(width).toBeGreaterThan(before * 3);
    await page.mouse.dblclick(box.x + 50, box.y + 5);
    await expect.poll(width).toBe(before);
  });

  it('draws of a large meeting what is in sight, and nothing anew where a pointer goes', async () => {
    const file = join(dir, 'large.html');
    writeFileSync(file, await checkReportHtml(largeReport(30)));
    const page = await browser.newPage({ viewport: SIZE });
    await page.goto(`${pathToFileURL(file).href}#load.large`);
    const shapes = (): Promise<number> => page.locator('.run, .connection, .unmuted, .ribbons path').count();
    await expect.poll(shapes).toBeGreaterThan(500);
    // Of 6,600.
    const MOST = 3_500;
    const atFirst = await shapes();
    expect(atFirst).toBeLessThan(MOST);
    await page.evaluate(WATCH_LANES);
    const { x, y } = (await page.locator('.lane-sent .lane-track').first().boundingBox())!;
    for (let step = 0; step < 8; step++) await page.mouse.move(x + 40 * step, y + 5);
    await expect.poll(() => page.locator('.cursor').count()).toBe(1);
    expect(await page.evaluate('changes')).toBe(0);
    // Where it points at what was kept, that was sent lights up.
    await page.locator('.run').nth(3).hover();
    await page.locator('.source').waitFor({ state: 'attached' });
    expect(await page.evaluate('changes')).toBe(1);
    await page.locator('.scroller').focus();
    for (let step = 0; step < 3; step++) await page.keyboard.press('+');
    await page.keyboard.press('End');
    const last = page.locator('.lanes').first().locator('.run').last();
    await expect.poll(() => last.getAttribute('title')).toContain('1:00');
    // An eighth of the meeting is in sight.
    expect(await shapes()).toBeLessThan(atFirst / 2);
    await page.locator('.lanes').last().scrollIntoViewIfNeeded();
    await page.locator('.lanes').last().locator('.run').last().waitFor();
    await expect.poll(() => page.locator('.lanes').first().locator('.run').count()).toBe(0);
    expect(await shapes()).toBeLessThan(MOST);
  });

  it('plays what was kept', async () => {
    const page = await open(FAILED);
    const { errors } = watchPage(page);
    await page.getByRole('button', { name: 'Play 100.wav' }).click();
    await page.locator('.playhead').waitFor({ state: 'attached' });
    await page.getByRole('button', { name: 'Stop 100.wav' }).click();
    await page.locator('.playhead').waitFor({ state: 'detached' });
    expect(errors).toEqual([]);
  });

  it('shows the log of one connection', async () => {
    const page = await open(FAILED);
    const kinds = (): Promise<string[]> => page.locator('.log-scroller td:nth-child(3)').allTextContents();
    expect((await kinds()).length).toBe(10);
    await page.getByLabel('Connection', { exact: true }).selectOption('#1');
    await expect.poll(kinds).toEqual(['open', 'received', 'close']);
  });

  it('can be used by everybody, wide and narrow, light and dark', async () => {
    // Not the page's policy: axe is no part of it.
    const page = await browser.newPage({ reducedMotion: 'reduce', bypassCSP: true });
    await page.goto(url);
    await page.evaluate(axe.source);
    for (const [hash, width, colorScheme] of [
      ['', 1_280, 'light'],
      ['', 400, 'dark'],
      [FAILED, 1_440, 'dark'],
      [FAILED, 400, 'light'],
    ] as const) {
      await page.setViewportSize({ width, height: 900 });
      await page.emulateMedia({ colorScheme });
      // The same document: axe stays in it.
      await page.evaluate(`location.hash = '${hash}'`);
      await page.locator(hash === '' ? '.overview' : '.timeline').waitFor();
      const { violations } = await page.evaluate<{
        violations: { id: string; nodes: { html: string }[] }[];
      }>("axe.run({ resultTypes: ['violations'] })");
      const what = `${colorScheme} ${width} ${hash}`;
      expect(
        violations.map(({ id, nodes }) => `${id}: ${nodes[0]!.html}`),
        what,
      ).toEqual([]);
      expect(await page.evaluate('document.documentElement.scrollWidth'), what).toBe(width);
    }
  });
});

describe('check --html', () => {
  it('writes the report, and fails when it cannot', async () => {
    await withFolder(async (dir) => {
      await using receiver = await startReceiver({ dir: join(dir, 'out') });
      const file = join(dir, 'report.html');
      const args = (html: string): string[] => [
        'check',
        receiver.url,
        '--cases=basic.one_speaker',
        '--connections=per-endpoint',
        `--html=${html}`,
      ];
      const [fine, failed] = await Promise.all([runCli(...args(file)), runCli(...args(dir))]);
      expect(fine.stderr).toContain(`wrote ${file}`);
      expect(fine.code).toBe(0);
      const html = readFileSync(file, 'utf8');
      expect(html).toContain('basic.one_speaker');
      // On the command line options are flags.
      expect(html).toContain('give --files');
      expect(failed.stderr).toContain(`error: ${dir} cannot be written: it is a folder (EISDIR).`);
      expect(failed.code).toBe(1);
    });
  });
});
