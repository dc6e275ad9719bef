/** `serve --open`: with a browser's opener of ours, and without any. */
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startShell, withFolder } from '../../support/cli.ts';
import { until } from '../../support/until.ts';

describe.skipIf(process.platform !== 'linux')('serve --open', () => {
  it('opens the room, with a token where there is a key', () =>
    withFolder(async (dir) => {
      const opener = join(dir, 'xdg-open');
      writeFileSync(
        opener,
        `#!/bin/sh\necho "$1" > '${dir}/opened.part' && mv '${dir}/opened.part' '${dir}/opened'\n`,
      );
      chmodSync(opener, 0o755);
      const cli = startShell(`PATH='${dir}':$PATH exec $CLI serve --port 0 --api-key secret --open`);
      try {
        await until(() => existsSync(join(dir, 'opened')), 'the opener');
        const url = readFileSync(join(dir, 'opened'), 'utf8').trim();
        expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]{32}$/);
        const answer = await fetch(url, { redirect: 'manual' });
        expect(answer.status).toBe(303);
        expect(answer.headers.get('location')).toBe('/');
        const cookie = answer.headers.get('set-cookie')!.split(';')[0]!;
        const bots = new URL('/_emulator/bots', url);
        expect((await fetch(bots, { headers: { Cookie: cookie } })).status).toBe(200);
        expect((await fetch(bots)).status).toBe(401);
      } finally {
        cli.process.kill('SIGINT');
        await cli.ended;
      }
    }));

  it('says where the room is when nothing can open it', () =>
    withFolder(async (dir) => {
      const cli = startShell(`PATH='${dir}' exec $CLI serve --port 0 --open`);
      try {
        await cli.printed(/The browser cannot be opened \(.*xdg-open.*\)\. Open http:\/\/127\.0\.0\.1:\d+\//);
      } finally {
        cli.process.kill('SIGINT');
        expect((await cli.ended).code).toBe(0);
      }
    }));
});
