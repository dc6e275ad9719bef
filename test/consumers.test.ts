/** The package in other people's projects: every way that TypeScript resolves modules, and CommonJS. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { withFolder } from './support/cli.ts';

const MODULE = `
import { meeting, play, type PlayReport } from 'recall-emulator';
import { readRealtimeEvent, type RealtimeEvent } from 'recall-emulator/protocol';
import { checkReceiver, recallMatchers } from 'recall-emulator/testing';
import { recallHandlers } from 'recall-emulator/msw';
import { meetingTest } from 'recall-emulator/vitest';

export const report: Promise<PlayReport> = play({ scenario: meeting({ duration: 1 }).build(), speed: 'max' });
export function nameOf(value: unknown): RealtimeEvent['event'] | undefined {
  const read = readRealtimeEvent(value);
  return read.kind === 'event' ? read.event.event : undefined;
}
export const doors = [checkReceiver, recallMatchers, recallHandlers, meetingTest];
// @ts-expect-error: types are there, and not any
play({ scenario: 1 });
`;
/** Where \`require\` takes no ES module, as TypeScript has it for Node 16. */
const COMMONJS_16 = `
export async function report() {
  const { meeting, play } = await import('recall-emulator');
  return (await play({ scenario: meeting({ duration: 1 }).build(), speed: 'max' })).ok satisfies boolean;
}
`;
const COMMONJS = `
import emulator = require('recall-emulator');
import protocol = require('recall-emulator/protocol');

export const ok: Promise<boolean> = emulator.play({ speed: 'max' }).then((report) => report.ok);
export const names: readonly string[] = protocol.REALTIME_EVENT_NAMES;
`;

/** A project that has the package installed, and of its peers what we have ourselves. */
function withProject<T>(files: Readonly<Record<string, string>>, use: (dir: string) => T): Promise<T> {
  return withFolder(async (dir) => {
    mkdirSync(join(dir, 'node_modules'));
    symlinkSync(resolve('.'), join(dir, 'node_modules/recall-emulator'));
    symlinkSync(resolve('node_modules/@types'), join(dir, 'node_modules/@types'));
    for (const [name, text] of Object.entries(files)) writeFileSync(join(dir, name), text);
    return use(dir);
  });
}

describe('TypeScript', () => {
  it.each([
    { module: 'node16', resolution: 'node16', files: { 'esm.mts': MODULE, 'cjs.cts': COMMONJS_16 } },
    { module: 'nodenext', resolution: 'nodenext', files: { 'esm.mts': MODULE, 'cjs.cts': COMMONJS } },
    { module: 'preserve', resolution: 'bundler', files: { 'esm.ts': MODULE } },
  ])('finds the types of every door with module $module', ({ module, resolution, files }) => {
    const tsconfig = {
      compilerOptions: {
        ...{ module, moduleResolution: resolution, target: 'es2022', lib: ['es2023', 'esnext.disposable'] },
        ...{ strict: true, noEmit: true, skipLibCheck: true, types: ['node'] },
      },
      include: ['*.ts', '*.mts', '*.cts'],
    };
    return withProject({ ...files, 'tsconfig.json': JSON.stringify(tsconfig) }, (dir) => {
      const { status, stdout } = spawnSync(
        process.execPath,
        [resolve('node_modules/typescript/bin/tsc'), '-p', dir],
        { encoding: 'utf8', timeout: 100_000 },
      );
      expect([stdout, status]).toEqual(['', 0]);
    });
  });
});

describe('CommonJS', () => {
  it.each(['recall-emulator', 'recall-emulator/protocol', 'recall-emulator/testing', 'recall-emulator/msw'])(
    'requires %s',
    (name) =>
      withProject({ 'main.cjs': `console.log(Object.keys(require('${name}')).length > 0)` }, (dir) => {
        const { stdout, stderr } = spawnSync(process.execPath, [join(dir, 'main.cjs')], {
          encoding: 'utf8',
          timeout: 100_000,
        });
        expect([stdout, stderr]).toEqual(['true\n', '']);
      }),
  );

  it('plays a meeting', () =>
    withProject(
      {
        'main.cjs': `const { meeting, play } = require('recall-emulator');
          const scenario = meeting({ duration: 1 }).participant({ id: 1, name: 'Ada' }, (ada) => ada.unmute(0)).build();
          play({ scenario, speed: 'max' }).then((report) => console.log(report.ok, report.sent));`,
      },
      (dir) => {
        const { stdout } = spawnSync(process.execPath, [join(dir, 'main.cjs')], {
          encoding: 'utf8',
          timeout: 100_000,
          cwd: dir,
        });
        expect(stdout).toBe('true 10\n');
      },
    ));
});
