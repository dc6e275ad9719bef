import { createRequire } from 'node:module';
import { checkReceiver } from 'recall-emulator/testing';
import { meetingTest } from 'recall-emulator/vitest';
import { test } from 'vitest';
import { listen, Receiver } from './receiver.js';

const standup = createRequire(import.meta.url).resolve('recall-emulator/fixtures/standup.yaml');

test('has every property of a good receiver', { timeout: 60_000 }, async () => {
  await checkReceiver(() => new Receiver(), { runs: 10 });
});

meetingTest(
  'keeps everybody’s audio over real sockets',
  async ({ emulator, recorder, expect, onTestFinished }) => {
    const receiver = new Receiver();
    const server = await listen(receiver);
    onTestFinished(server.close);

    const report = await emulator.play(standup, { to: server.url });
    expect(report).toHaveDeliveredEveryFrame();
    // The recorder is the reference: it gets the same meeting.
    await emulator.play(standup);
    expect(recorder).toHaveMonotonicTimestamps();
    for (const { id } of report.participants) expect(receiver.audio(id)).toMatchPcm(recorder.audio(id));
  },
);
