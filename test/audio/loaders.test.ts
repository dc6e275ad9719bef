import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import wavefile from 'wavefile';
import { withFolder } from '../support/cli.ts';

const require = createRequire(import.meta.url);

it('reads and writes WAVs under tsx, whose imports of CommonJS packages differ from those of Node', () =>
  withFolder(async (dir) => {
    const source = (path: string): string => JSON.stringify(pathToFileURL(resolve(`src/${path}`)).href);
    const wav = new wavefile.WaveFile();
    wav.fromScratch(1, 44_100, '16', new Int16Array(44_100));
    const audio = join(dir, 'rate.wav');
    writeFileSync(audio, wav.toBuffer());
    const script = join(dir, 'script.ts');
    writeFileSync(
      script,
      `import { openAudioFile } from ${source('audio/file.ts')};
import { startReceiver } from ${source('receiver/receiver.ts')};
const run = async (): Promise<void> => {
  const receiver = await startReceiver();
  await receiver.close();
  const { samples } = await openAudioFile(${JSON.stringify(audio)});
  console.log(samples);
};
void run();
`,
    );
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [require.resolve('tsx/cli'), '--tsconfig', resolve('tsconfig.json'), script],
      { encoding: 'utf8', timeout: 60_000 },
    );
    expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: '16000\n', stderr: '' });
  }));
