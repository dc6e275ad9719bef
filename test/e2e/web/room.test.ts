/** The room as people use it: in a browser, at a server and a receiver on real sockets. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import axe from 'axe-core';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { RealtimeEvent } from '../../../src/protocol/events.ts';
import { type Receiver, startReceiver } from '../../../src/receiver/receiver.ts';
import { meeting } from '../../../src/scenario/builder.ts';
import { type MockServer, type ServerOptions, startServer } from '../../../src/server/server.ts';
import { CHROMIUM, launchBrowser, watchPage } from '../../support/browser.ts';
import { hoppingTone, placeOf, wavOf } from '../../support/hopping-tone.ts';
import { botWith, LONG, NO_DELAYS, withHooks } from '../../support/mock.ts';
import { until } from '../../support/until.ts';

const SAID_SECONDS = 6;
const CAPTURE_RATE = 48_000;
const RATE = 16_000;

if (CHROMIUM === undefined)
  console.log('The room is not tested: there is no Chromium (CHROMIUM=path names one).');

describe.skipIf(CHROMIUM === undefined)('the room in a browser', () => {
  let dir: string;
  let browser: Browser;
  let receiver: Receiver;
  let server: MockServer;
  let context: BrowserContext;
  let page: Page;
  const events: RealtimeEvent[] = [];

  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), 'room-'));
    const wav = join(dir, 'said.wav');
    writeFileSync(wav, wavOf(hoppingTone(SAID_SECONDS, CAPTURE_RATE), CAPTURE_RATE));
    browser = await launchBrowser([
      '--use-fake-device-for-media-stream',
      '--use-fake-ui-for-media-stream',
      `--use-file-for-fake-audio-capture=${wav}`,
      '--autoplay-policy=no-user-gesture-required',
    ]);
    receiver = await startReceiver({ port: 0, onEvent: (event) => events.push(event) });
  });
  afterEach(async () => {
    await context?.close();
    await server?.close();
    events.length = 0;
  });
  afterAll(async () => {
    await browser?.close();
    await receiver?.close();
    rmSync(dir, { recursive: true });
  });

  async function start(options: ServerOptions = {}): Promise<void> {
    server = await startServer({ port: 0, scenario: LONG, delays: NO_DELAYS, ...options });
    context = await browser.newContext({
      viewport: { width: 1_280, height: 900 },
      permissions: ['microphone'],
      // Colours that are on their way to others are none of ours.
      reducedMotion: 'reduce',
    });
    page = await context.newPage();
    page.setDefaultTimeout(60_000);
  }

  const api = async (method: string, path: string, body?: unknown) => {
    const response = await fetch(`${server.url}${path}`, {
      method,
      headers: { Authorization: 'Token test', 'Content-Type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return response.json();
  };

  /** A bot that records, and its page. */
  async function openMeeting(): Promise<string> {
    const { id } = await api('POST', '/api/v1/bot/', botWith(`${receiver.url}/`));
    await page.goto(`${server.url}/#/bot/${id}`);
    await page.getByRole('button', { name: 'Mute Ada' }).waitFor();
    return id;
  }

  const openConnections = (): number =>
    receiver.stats().connections.filter(({ closedSeconds }) => closedSeconds === null).length;

  it('creates a bot, and says what is wrong with one that cannot be', async () => {
    await start();
    const { errors, requests } = watchPage(page);
    await page.goto(server.url);
    await page.getByLabel('Your receiver').fill('http://nonsense');
    await page.getByRole('button', { name: 'Create the bot' }).click();
    await page.getByRole('alert').filter({ hasText: 'realtime_endpoints' }).waitFor();
    errors.length = 0;
    await page.getByLabel('Your receiver').fill(`${receiver.url}/`);
    await page.getByRole('button', { name: 'Create the bot' }).click();
    await page.getByRole('button', { name: 'Unmute Ada' }).waitFor();
    await page.locator('.wire-row', { hasText: 'POST /api/v1/bot/' }).last().click();
    await page.locator('.json', { hasText: 'by_hand' }).first().waitFor();
    expect(errors).toEqual([]);
    expect(requests.filter((url) => !url.startsWith(server.url) && !url.startsWith('blob:'))).toEqual([]);
  });

  it('mutes and unmutes, and the connection closes and opens', async () => {
    await start();
    await openMeeting();
    await until(() => openConnections() === 1, 'a connection');
    await page.getByRole('button', { name: 'Mute Ada' }).click();
    await until(() => openConnections() === 0, 'its end');
    await page.getByRole('button', { name: 'Unmute Bo' }).click();
    await until(() => openConnections() === 1, 'another one');
    await expect.poll(() => page.locator('.connection').count()).toBeGreaterThanOrEqual(2);
  });

  it('gives the receiver what a microphone captures', async () => {
    await start();
    await openMeeting();
    await page.getByLabel('take out echo and noise').uncheck();
    await page.getByRole('button', { name: 'Join with your microphone' }).click();
    await page.getByRole('button', { name: 'Unmute yourself' }).click();
    await page.locator('.latency b').waitFor();
    const samplesOf = (): Int16Array => {
      const frames = events.flatMap((event) => {
        if (event.event !== 'audio_separate_raw.data') return [];
        const { participant, buffer } = event.data.data;
        return participant.name === 'You' ? [Buffer.from(buffer, 'base64')] : [];
      });
      const bytes = Buffer.concat(frames);
      return new Int16Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
    };
    await until(() => samplesOf().length > 4 * RATE, 'four seconds of it');
    const heard = samplesOf();
    const said = hoppingTone(SAID_SECONDS, RATE);
    // It is said again and again.
    const twice = new Int16Array(said.length * 2);
    twice.set(said);
    twice.set(said, said.length);
    const length = RATE / 10;
    const first = placeOf(heard, RATE, length, said);
    // What comes late leaves gaps, and the rest moves by as much.
    const places = [1.5, 2, 2.5, 3, 3.5].map((seconds) => {
      const at = first.at + (seconds - 1) * RATE;
      const near = twice.subarray(Math.max(0, at - RATE / 4), at + RATE / 4 + length);
      return placeOf(heard, seconds * RATE, length, near).likeness;
    });
    expect(first.likeness).toBeGreaterThan(0.9);
    expect(places.filter((likeness) => likeness > 0.9).length, places.join(' ')).toBeGreaterThanOrEqual(3);
    await page.getByRole('button', { name: 'Mute yourself' }).click();
    await page.getByRole('button', { name: 'Leave with your microphone' }).click();
    await page.getByRole('article', { name: 'You: not in the meeting' }).waitFor();
  });

  it('makes the meeting heard', async () => {
    await start();
    await openMeeting();
    const frames: Buffer[] = [];
    page.on('websocket', (socket) =>
      socket.on('framereceived', ({ payload }) => {
        if (typeof payload !== 'string') frames.push(payload);
      }),
    );
    await page.getByRole('combobox', { name: /^Hear/ }).selectOption('everybody');
    await until(() => frames.length > 3, 'audio of the meeting');
    expect(frames[0]!.readUInt32LE(0)).toBe(0);
    expect(frames[0]!.length).toBe(8 + 3_200);
    await page.getByRole('combobox', { name: /^Hear/ }).selectOption('nobody');
  });

  it('delivers a webhook once more, as it was and edited', async () => {
    await withHooks(async (app) => {
      await start({ webhookUrls: [app.url] });
      await openMeeting();
      await app.until('bot.in_call_recording');
      await page.getByLabel('Filter what went over the wire').fill('bot.in_call_recording');
      await page.locator('.wire-row').first().click();
      const before = app.hooks.length;
      await page.getByRole('button', { name: 'Redeliver', exact: true }).click();
      await until(() => app.hooks.length === before + 1, 'the webhook once more');
      await page.getByRole('button', { name: 'Redeliver edited…' }).click();
      await page.getByLabel('Body to deliver').fill('{"event": "bot.in_call_recording", "edited": true}');
      await page.getByRole('button', { name: 'Deliver this' }).click();
      await until(() => app.hooks.at(-1)?.body.edited === true, 'the edited webhook');
    });
  });

  it('drops connections, and says what happens then', async () => {
    await start({ retryIntervalSeconds: 0.2 });
    await openMeeting();
    await until(() => openConnections() === 1, 'a connection');
    const before = receiver.stats().connections.length;
    await page.getByRole('tab', { name: 'Faults' }).click();
    await page.getByRole('button', { name: 'Drop all' }).click();
    await until(() => receiver.stats().connections.length > before, 'another dial');
    await page.getByRole('button', { name: 'Slow: 200 ms' }).click();
    await page.locator('.in-force code', { hasText: 'latency' }).waitFor();
    await page.getByRole('button', { name: 'End all of them' }).click();
    await page.locator('.in-force').waitFor({ state: 'detached' });
  });

  it('comes back by itself when the server does, and says that it is another one', async () => {
    await start();
    await openMeeting();
    const port = Number(new URL(server.url).port);
    await server.close();
    await page.getByText('The server does not answer').waitFor();
    server = await startServer({ port, scenario: LONG, delays: NO_DELAYS });
    await page.getByText('There is no such bot').waitFor();
  });

  it('is all there by keyboard', async () => {
    await start();
    const id = await openMeeting();
    const press = async (name: string, key: string): Promise<void> => {
      for (let tabs = 0; tabs < 80; tabs++) {
        const focused = await page.evaluate(
          "document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent",
        );
        if (focused === name) break;
        await page.keyboard.press('Tab');
      }
      await page.keyboard.press(key);
    };
    await press('Mute Ada', 'Enter');
    await page.getByRole('button', { name: 'Unmute Ada' }).waitFor();
    await press('Wire', 'ArrowRight');
    await page.getByRole('tab', { name: 'Faults', selected: true }).waitFor();
    await page.locator('body').press('Home');
    await page.evaluate('document.activeElement.blur()');
    await press('Leave', 'Enter');
    await until(async () => {
      const { status_changes } = await api('GET', `/api/v1/bot/${id}/`);
      return status_changes.some(({ code }: { code: string }) => code === 'call_ended');
    }, 'the end of the call');
  });

  it('has nothing that keeps people out', async () => {
    await start();
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.goto(server.url);
    await page.getByRole('heading', { name: 'No meeting yet' }).waitFor();
    expect(await seriousIn(page)).toEqual([]);
    await openMeeting();
    await page.locator('.wire-row').first().click();
    await page.locator('.json').first().waitFor();
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      expect(await seriousIn(page)).toEqual([]);
    }
  });

  it('keeps up with forty participants', async () => {
    const crowd = meeting({ duration: 3_000 });
    for (let index = 0; index < 40; index++)
      crowd.participant({ id: 100 + index, name: `Nr ${index}` }, (each) => each.unmute(0));
    await start({ scenario: crowd.build() });
    const { id } = await api('POST', '/api/v1/bot/', botWith(`${receiver.url}/`));
    await page.goto(`${server.url}/#/bot/${id}`);
    await page.getByRole('article', { name: 'Nr 39' }).waitFor();
    await page.getByLabel('audio').selectOption('all');
    await expect
      .poll(() => page.locator('.wire-count').textContent(), { timeout: 60_000 })
      .toMatch(/^[12],\d{3} lines/);
    // Of some thousand lines those in sight are drawn, and of forty people's lanes too.
    expect(await page.locator('.wire-row').count()).toBeLessThan(60);
    expect(await page.locator('.wave').count()).toBeLessThan(40);
    await page.getByRole('button', { name: 'Mute Nr 39' }).click();
    await page.getByRole('button', { name: 'Unmute Nr 39' }).waitFor();
  });
});

describe.skipIf(CHROMIUM === undefined)('the way into the room', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser?.close());

  it('is a token that is good once, or the key', async () => {
    await using server = await startServer({ port: 0, apiKey: 'secret', delays: NO_DELAYS });
    const url = server.roomUrl();
    const first = await browser.newContext();
    const page = await first.newPage();
    await page.goto(url);
    await page.getByRole('heading', { name: 'No meeting yet' }).waitFor();
    expect(page.url()).toBe(`${server.url}/`);
    const [cookie] = await first.cookies();
    expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Strict' });
    await first.close();

    const second = await browser.newContext();
    const other = await second.newPage();
    await other.goto(url);
    await other.getByLabel('API key').fill('wrong');
    await other.getByRole('button', { name: 'Enter' }).click();
    await other.getByText('That is not its key').waitFor();
    await other.getByLabel('API key').fill('secret');
    await other.getByRole('button', { name: 'Enter' }).click();
    await other.getByRole('heading', { name: 'No meeting yet' }).waitFor();
    await second.close();
  });

  it('is closed to pages of others', async () => {
    await using server = await startServer({ port: 0, scenario: LONG, delays: NO_DELAYS });
    const response = await fetch(`${server.url}/api/v1/bot/`, {
      method: 'POST',
      headers: { Authorization: 'Token test', 'Content-Type': 'application/json' },
      body: JSON.stringify({ meeting_url: 'https://zoom.us/j/1' }),
    });
    const { id } = (await response.json()) as { id: string };
    const stranger = createServer((_, answer) =>
      answer.setHeader('Content-Type', 'text/html').end('<p>hello'),
    );
    await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve));
    try {
      const page = await browser.newPage();
      await page.goto(`http://127.0.0.1:${(stranger.address() as AddressInfo).port}/`);
      const came = await page.evaluate(`Promise.all([
        fetch('${server.url}/_emulator/bots').then(() => 'read', () => 'refused'),
        new Promise((resolve) => {
          const source = new EventSource('${server.url}/_emulator/live');
          source.onmessage = () => resolve('read');
          source.onerror = () => resolve('refused');
        }),
        new Promise((resolve) => {
          const socket = new WebSocket('${server.url.replace('http', 'ws')}/_emulator/audio?bot=${id}');
          socket.onopen = () => resolve('read');
          socket.onerror = () => resolve('refused');
        }),
      ])`);
      expect(came).toEqual(['refused', 'refused', 'refused']);
      await page.close();
    } finally {
      stranger.closeAllConnections();
      await new Promise<void>((resolve) => stranger.close(() => resolve()));
    }
  });
});

/** Violations of accessibility rules that are serious or worse. The page's policy lets no script in: it is put in by hand. */
async function seriousIn(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const found = (await page.evaluate('axe.run()')) as axe.AxeResults;
  return found.violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`);
}
