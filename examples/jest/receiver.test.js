import { createRequire } from 'node:module';
import { afterEach, expect, test } from '@jest/globals';
import { play } from 'recall-emulator';
import { checkReceiver, recallMatchers, startRecorder } from 'recall-emulator/testing';
import { listen, Receiver } from './receiver.js';

expect.extend(recallMatchers);

const standup = createRequire(import.meta.url).resolve('recall-emulator/fixtures/standup.yaml');

let server;
let recorder;

afterEach(async () => {
  await server?.close();
  await recorder?.close();
});

test('has every property of a good receiver', async () => {
  await checkReceiver(() => new Receiver(), { runs: 10 });
});

test('keeps everybody’s audio over real sockets', async () => {
  const receiver = new Receiver();
  server = await listen(receiver);
  recorder = await startRecorder();

  const report = await play({ scenario: standup, to: server.url, speed: 'max' });
  expect(report).toHaveDeliveredEveryFrame();
  // The recorder is the reference: it gets the same meeting.
  await play({ scenario: standup, to: recorder.url, speed: 'max' });
  expect(recorder).toHaveMonotonicTimestamps();
  for (const { id } of report.participants) expect(receiver.audio(id)).toMatchPcm(recorder.audio(id));
});
