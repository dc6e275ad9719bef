/** A receiver runs for weeks: of a recording whose connections have all closed nothing stays in memory. */

import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { wavHeader } from '../../src/audio/wav.ts';
import { createWavWriter } from '../../src/audio/wav-writer.ts';
import { OutputFiles } from '../../src/output-files.ts';
import { LineFile } from '../../src/receiver/line-file.ts';
import { withFolder } from '../support/cli.ts';

const FILES = 40;
const MIB = 1024 ** 2;

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** Bytes of all buffers that are in use. What the files before this one left behind is gone after some collections. */
async function buffers(): Promise<number> {
  for (let round = 0; round < 4; round++) {
    collect();
    await turn();
  }
  return process.memoryUsage().arrayBuffers;
}

it('gives the memory of files that rest back, and goes on where they were', () =>
  withFolder(async (dir) => {
    const files = new OutputFiles(FILES);
    const header = await wavHeader(0);
    const wavs = Array.from({ length: FILES }, (_, index) =>
      createWavWriter(files.create(join(dir, `${index}.wav`)), header),
    );
    const lines = Array.from(
      { length: FILES },
      (_, index) => new LineFile(files.create(join(dir, `${index}.ndjson`))),
    );
    const pcm = new Int16Array(30_000).fill(7);
    const json = Buffer.alloc(60_000, 'x');
    const before = await buffers();
    for (const wav of wavs) wav.write(0, pcm);
    for (const file of lines) file.append(json);
    expect((await buffers()) - before).toBeGreaterThan(2 * MIB);
    for (const each of [...wavs, ...lines]) each.rest();
    expect((await buffers()) - before).toBeLessThan(MIB);
    for (const wav of wavs) {
      wav.write(30_000, pcm);
      wav.close();
      expect(wav.samples).toBe(60_000);
    }
    for (const file of lines) file.close();
  }));
