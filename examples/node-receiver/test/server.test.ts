/** Over real sockets: the server, with a meeting of known audio. */
import { meeting } from 'recall-emulator';
import { meetingTest } from 'recall-emulator/vitest';
import { expect } from 'vitest';
import { startServer } from '../src/server.ts';
import { newFolder } from './folder.ts';

const standup = meeting({ duration: 6 })
  .participant({ id: 100, name: 'Ada' }, (ada) =>
    ada.unmute(0).speak(0.5, { duration: 1.5 }).mute(2.5).unmute(4),
  )
  .participant({ id: 200, name: null }, (guest) => guest.unmute(1).speak(1.2, { duration: 3 }).mute(5))
  .build();

meetingTest.for(['per-participant', 'per-endpoint'] as const)(
  'keeps everybody’s audio, connections %s',
  async (connections, { emulator, recorder, expect }) => {
    const server = await startServer(newFolder());
    const report = await emulator.play(standup, { to: server.url, connections });
    expect(report).toHaveDeliveredEveryFrame();
    // The recorder is the reference: it gets the same meeting.
    await emulator.play(standup, { connections });
    expect(recorder).toHaveMonotonicTimestamps();
    for (const { id } of standup.participants) {
      const audio = server.receiver.audio(id, report.recording_id);
      expect(audio).toMatchPcm(recorder.audio(id));
    }
    await server.close();
  },
);

meetingTest('opens a connection for each unmuted stretch', async ({ emulator }) => {
  const server = await startServer(newFolder());
  const report = await emulator.play(standup, { to: server.url });
  expect(report).toHaveConnections([
    [0, 2.5],
    [1, 5],
    [4, 6],
  ]);
  await server.close();
});
