/** Ten tests such as users write, in the file that `meeting-test` runs. */
const { meeting } = await import(`${process.env.RECALL_BENCH_ROOT}/dist/index.js`);
const { meetingTest } = await import(`${process.env.RECALL_BENCH_ROOT}/dist/vitest/index.js`);

const scenario = meeting({ duration: 3 })
  .participant({ id: 100, name: 'Ada' }, (ada) => ada.unmute(0).speak(0.5, { duration: 1 }).mute(2))
  .build();

for (let number = 1; number <= 10; number++) {
  meetingTest(`every frame arrives, ${number}`, async ({ emulator, recorder, expect }) => {
    const report = await emulator.play(scenario);
    expect(report).toHaveDeliveredEveryFrame();
    expect(recorder).toHaveContiguousAudio();
  });
}
