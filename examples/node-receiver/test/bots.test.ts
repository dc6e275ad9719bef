/** The whole way: the app calls Recall's API, and the bot dials the app. */
import { readdirSync } from 'node:fs';
import { setupServer } from 'msw/node';
import { meeting } from 'recall-emulator';
import { recallHandlers } from 'recall-emulator/msw';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createBot } from '../src/bots.ts';
import { startServer } from '../src/server.ts';
import { newFolder } from './folder.ts';

const scenario = meeting({ duration: 2 })
  .participant({ id: 100, name: 'Ada' }, (ada) => ada.unmute(0).speak(0.2, { duration: 1.5 }))
  .build();
const recall = recallHandlers({ scenario });
const msw = setupServer(...recall);

beforeAll(() => msw.listen({ onUnhandledRequest: 'error' }));
afterAll(async () => {
  await recall.close();
  msw.close();
});

test('a bot that the app creates streams to the app', async () => {
  const folder = newFolder();
  const server = await startServer(folder);
  await createBot({ meetingUrl: 'https://zoom.us/j/1234567890', audioUrl: server.url, apiKey: 'test' });
  await vi.waitFor(async () => {
    const [recordingId = ''] = readdirSync(folder);
    expect(server.receiver.audio(100, recordingId)).toHaveLength(2 * 16_000 * 2);
  });
  await server.close();
});
