import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { play } from 'recall-emulator';
import { checkReceiver, comparePcm, startRecorder } from 'recall-emulator/testing';
import { listen, Receiver } from './receiver.js';

const standup = fileURLToPath(import.meta.resolve('recall-emulator/fixtures/standup.yaml'));

test('has every property of a good receiver', async () => {
  await checkReceiver(() => new Receiver(), { runs: 10 });
});

test('keeps everybody’s audio over real sockets', async (t) => {
  const receiver = new Receiver();
  const server = await listen(receiver);
  t.after(server.close);
  const recorder = await startRecorder();
  t.after(recorder.close);

  const report = await play({ scenario: standup, to: server.url, speed: 'max' });
  assert.ok(report.ok, report.verdict);
  // The recorder is the reference: it gets the same meeting.
  await play({ scenario: standup, to: recorder.url, speed: 'max' });
  for (const { id } of report.participants)
    assert.equal(comparePcm(recorder.audio(id), receiver.audio(id) ?? new Int16Array()), undefined);
});
