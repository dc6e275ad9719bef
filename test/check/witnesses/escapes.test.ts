/** Names that lead out of the receiver's folder, at a receiver that follows them. */
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { check } from '../../../src/check/check.ts';
import { withFolder } from '../../support/cli.ts';
import { startTestReceiver } from '../receivers/start.ts';

it('says which file was written where a name led', () =>
  withFolder(async (dir) => {
    const out = join(dir, 'app', 'out');
    await using receiver = await startTestReceiver('node', out, 'paths_of_names');
    const report = await check({
      url: receiver.url,
      files: [join(out, '{recording_id}', '{name}.wav')],
      cases: ['names.unsafe'],
      filesWaitSeconds: 1,
    });
    const [{ verdict, lines }] = report.cases as [(typeof report.cases)[number]];
    expect(verdict).toBe('fail');
    expect(lines.map(({ text }) => text)).toEqual(
      expect.arrayContaining([
        expect.stringMatching(
          /app\/etc\/passwd\.wav was written where the name "\.\.\/\.\.\/etc\/passwd" led/,
        ),
        expect.stringMatching(/a\/b\.wav was written where the name "a\/b" led/),
      ]),
    );
  }));
