/** A trace as people see and hear it: in a browser, from a file. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import axe from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { decodeWav } from '../../../src/audio/wav.ts';
import { play } from '../../../src/play.ts';
import { builtInScenario } from '../../../src/scenario/open.ts';
import { TraceFiles } from '../../../src/trace/file.ts';
import { SessionTrace } from '../../../src/trace/session.ts';
import { CHROMIUM, launchBrowser, watchPage } from '../../support/browser.ts';
import { likeness } from '../../support/trace-file.ts';
import { until } from '../../support/until.ts';

const SIZE = { width: 1_440, height: 900 } as const;
const RATE = 16_000;

/** Keeps what reaches the browser's audio. */
const LISTEN = `
  globalThis.played = [];
  const start = AudioBufferSourceNode.prototype.start;
  AudioBufferSourceNode.prototype.start = function (...args) {
    globalThis.played.push(Array.from(this.buffer.getChannelData(0)));
    return start.apply(this, args);
  };
`;

if (CHROMIUM === undefined) console.log('There is no Chromium: traces are not looked at in a browser.');

describe.skipIf(CHROMIUM === undefined)('a trace in a browser', () => {
  let dir: string;
  let file: string;
  let browser: Browser;
  /** Audio of Ada, who is unmuted from 0 s on, as the receiver got it. */
  let ada: Int16Array;

  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), 'trace-'));
    file = join(dir, 'trace.html');
    const out = (await TraceFiles.open()).create(file);
    let trace: SessionTrace | undefined;
    const report = await play({
      scenario: builtInScenario('standup'),
      speed: 'max',
      out: join(dir, 'out'),
      events: ['all'],
      faults: ['lost=50%@25s-28s'],
      onSession: (session) => {
        trace = new SessionTrace(session, out, { subtitle: '<img src=x onerror=alert(1)>' });
      },
    });
    trace!.conclude(report);
    const wav = join(dir, 'out', `recording-${report.recording_id}`, 'participant-100.wav');
    ada = await decodeWav(readFileSync(wav));
    browser = await launchBrowser();
  });
  afterEach(async () => {
    for (const context of browser.contexts()) await context.close();
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(dir, { recursive: true });
  });

  async function open(path = file): Promise<Page> {
    const page = await browser.newPage({ viewport: SIZE });
    await page.addInitScript(LISTEN);
    await page.goto(pathToFileURL(path).href);
    await page.locator('h1').waitFor();
    return page;
  }

  /** Clicks at a second of a lane. */
  async function clickAt(page: Page, seconds: number): Promise<void> {
    const canvas = page.locator('canvas').first();
    const box = (await canvas.boundingBox())!;
    await canvas.click({ position: { x: (box.width * seconds) / 32, y: box.height / 2 } });
  }

  /** What was played, and the same of what was sent. */
  async function heard(page: Page, count: number): Promise<number[]> {
    await until(async () => (await page.evaluate('globalThis.played.length')) === count);
    return page.evaluate<number[]>('globalThis.played.at(-1)');
  }

  it('runs nothing but its own script and fetches nothing, whatever a meeting is called', async () => {
    const page = await browser.newPage();
    const { errors, requests } = watchPage(page);
    await page.goto(pathToFileURL(file).href);
    await page.locator('h1', { hasText: 'Stand-up' }).waitFor();
    expect(await page.locator('.meeting-facts li').first().textContent()).toBe(
      '<img src=x onerror=alert(1)>',
    );
    expect(errors).toEqual([]);
    expect(requests).toEqual([pathToFileURL(file).href]);
  });

  it('opens a frame by a click: its message, and its sound as it was sent', async () => {
    const page = await open();
    await clickAt(page, 3.05);
    const json = JSON.parse((await page.locator('.json code').textContent())!);
    expect(json).toMatchObject({
      event: 'audio_separate_raw.data',
      data: { data: { timestamp: { relative: 3 }, participant: { id: 100, name: 'Ada Moreno' } } },
    });
    await page.getByRole('button', { name: 'Play this frame' }).click();
    const frame = await heard(page, 1);
    expect(frame).toHaveLength(RATE / 10);
    expect(likeness(ada.subarray(3 * RATE, 3.1 * RATE), frame)).toBeGreaterThan(0.97);
    // Nothing else sounds like it: a tenth of a second beside it is another one.
    expect(likeness(ada.subarray(3.1 * RATE, 3.2 * RATE), frame)).toBeLessThan(0.6);
  });

  it('plays a stretch that is selected by dragging, everybody or one', async () => {
    const page = await open();
    const canvas = page.locator('canvas').first();
    const box = (await canvas.boundingBox())!;
    const x = (seconds: number): number => box.x + (box.width * seconds) / 32;
    await page.mouse.move(x(1), box.y + 7);
    await page.mouse.down();
    await page.mouse.move(x(3), box.y + 7, { steps: 5 });
    await page.mouse.up();
    await page.locator('.detail h2').waitFor();
    const text = (await page.locator('.detail h2').textContent())!;
    const [, from, to] = /([\d.]+)–([\d.]+) s/.exec(text)!;
    expect([Number(from).toFixed(0), Number(to).toFixed(0)]).toEqual(['1', '3']);
    await page.getByRole('button', { name: 'Play everybody' }).click();
    const mix = await heard(page, 1);
    const start = Math.round(Number(from) * RATE);
    // Nobody else speaks then. The text is rounded: it may be some samples off.
    const likest = Math.max(
      ...Array.from({ length: 400 }, (_, shift) =>
        likeness(ada.subarray(start + shift - 200, start + shift - 200 + mix.length), mix),
      ),
    );
    expect(likest).toBeGreaterThan(0.97);
  });

  it('shows what was lost, and why', async () => {
    const page = await open();
    expect(await page.locator('.meeting-facts').textContent()).toMatch(/, [1-9]\d* lost/);
    await page.getByRole('button', { name: 'connections' }).click();
    expect(await page.locator('.happening').count()).toBeGreaterThan(5);
    await page.getByLabel('Filter by words').fill('transcript.data');
    await page.getByRole('button', { name: 'all', exact: true }).click();
    await page.locator('.happening').first().click();
    expect(await page.locator('.json code').textContent()).toContain('"event": "transcript.data"');
  });

  it('can be used with the keyboard alone', async () => {
    const page = await open();
    await page.getByRole('group', { name: /^Lanes/ }).focus();
    for (const key of ['Home', 'ArrowRight', 'ArrowRight', 'Enter']) await page.keyboard.press(key);
    await page.getByRole('button', { name: 'Next frame' }).click();
    expect(await page.locator('.detail .name').first().textContent()).toBe('Ada Moreno');
  });

  it('shows what there is of a process that was killed', async () => {
    const whole = readFileSync(file);
    const cut = join(dir, 'cut.html');
    writeFileSync(cut, whole.subarray(0, whole.length - 3_000));
    const page = await open(cut);
    await page.locator('.notice', { hasText: 'the end is missing' }).waitFor();
    expect(await page.locator('canvas').count()).toBeGreaterThan(0);
  });

  it('can be used by everybody, wide and narrow, light and dark', async () => {
    const page = await browser.newPage({ reducedMotion: 'reduce', bypassCSP: true });
    await page.goto(pathToFileURL(file).href);
    await page.evaluate(axe.source);
    await clickAt(page, 3.05);
    for (const [width, colorScheme] of [
      [1_600, 'light'],
      [800, 'dark'],
      [390, 'light'],
    ] as const) {
      await page.setViewportSize({ width, height: 900 });
      await page.emulateMedia({ colorScheme });
      const { violations } = await page.evaluate<{ violations: { id: string; nodes: { html: string }[] }[] }>(
        "axe.run({ resultTypes: ['violations'] })",
      );
      expect(
        violations.map(({ id, nodes }) => `${id}: ${nodes[0]!.html}`),
        `${colorScheme} ${width}`,
      ).toEqual([]);
      expect(await page.evaluate('document.documentElement.scrollWidth'), `${width}`).toBe(width);
    }
  });
});
