import { describe, expect, it } from 'vitest';
import { meeting } from '../../src/scenario/builder.ts';
import { compileScenario } from '../../src/scenario/compile.ts';
import { parseScenario } from '../../src/scenario/load.ts';
import { timelineFrom } from '../../src/scenario/slice.ts';
import type { VideoPlan } from '../../src/scenario/timeline.ts';

const seconds = (plans: readonly VideoPlan[]) =>
  plans.map(({ participant, type, startSample, endSample }) => [
    participant,
    type,
    startSample / 16_000,
    endSample / 16_000,
  ]);

describe('video in a timeline', () => {
  it('goes from on to off, also of the muted; a leave or the end of the meeting ends it', async () => {
    const { videos } = await compileScenario(
      meeting({ duration: 10 })
        .participant({ id: 100 }, (ada) => ada.webcam(1, true).webcam(2.25, false).webcam(3, true))
        .participant({ id: 200 }, (grace) =>
          grace.join(2).screenshare(2, true).webcam(4, true).leave(5).join(6).webcam(7, true),
        )
        .build(),
    );
    expect(seconds(videos)).toEqual([
      [0, 'webcam', 1, 2.25],
      [1, 'screenshare', 2, 5],
      [0, 'webcam', 3, 10],
      [1, 'webcam', 4, 5],
      [1, 'webcam', 7, 10],
    ]);
  });

  it('begins with the rest of a meeting when it is on by then', async () => {
    const timeline = await compileScenario(
      meeting({ duration: 10 })
        .participant({ id: 100 }, (ada) => ada.webcam(1, true).webcam(3, false))
        .participant({ id: 200 }, (grace) => grace.screenshare(2, true).webcam(6, true))
        .build(),
    );
    expect(seconds(timelineFrom(timeline, 4 * 16_000).videos)).toEqual([
      [1, 'screenshare', 0, 6],
      [1, 'webcam', 2, 6],
    ]);
  });

  it('cannot be switched on twice, nor off when it is off', async () => {
    const compiled = compileScenario(
      parseScenario(
        `participants: [{ id: 100 }, { id: 200 }]
duration: 9
timeline:
  - { at: 0, participant: 100, action: webcam_on }
  - { at: 0, participant: 100, action: screenshare_on }
  - { at: 1, participant: 100, action: webcam_on }
  - { at: 2, participant: 100, action: leave }
  - { at: 3, participant: 100, action: screenshare_off }
  - { at: 4, participant: 200, action: screenshare_off }
`,
        { file: 'meeting.yaml' },
      ),
    );
    await expect(compiled).rejects.toMatchObject({
      problems: [
        {
          code: 'webcam_already_on',
          message: 'The webcam of participant 100 is on already.',
          hint: 'Switch it off first, or leave this out.',
          location: { line: 6, path: 'timeline[2].action' },
        },
        { code: 'screenshare_off_while_absent', location: { line: 8 } },
        { code: 'screenshare_already_off', location: { line: 9 } },
      ],
    });
  });
});
