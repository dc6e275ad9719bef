/** What other people's CI does with us: the steps of the action and of the examples, run as plain shell, and the image's files in a folder. */
import { once } from 'node:events';
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { type CliResult, startShell, withFolder } from './support/cli.ts';
import { withServer } from './support/mock.ts';

const read = (file: string) => parse(readFileSync(file, 'utf8'));

/** Runs a script where `npx … recall-emulator` is ours. */
function runStep(dir: string, script: string, env: Record<string, string> = {}): Promise<CliResult> {
  const bin = join(dir, 'bin');
  mkdirSync(bin, { recursive: true });
  const cli = `exec '${process.execPath}' '${resolve('dist/command/main.js')}' "$@"`;
  const npx = `#!/bin/sh\nwhile [ "$1" != recall-emulator ]; do shift; done\nshift\n${cli}\n`;
  writeFileSync(join(bin, 'npx'), npx, { mode: 0o755 });
  writeFileSync(join(dir, 'step.sh'), script);
  const path = `${bin}:${process.env.PATH}`;
  return startShell(`cd '${dir}' && bash -e step.sh`, { env: { ...env, PATH: path } }).ended;
}

/** Nobody listens there now. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

describe('action.yml', () => {
  const action = read('action.yml');
  const [step] = action.runs.steps.filter(({ run }: { run?: string }) => run !== undefined);

  it('takes nothing from its inputs but by the environment', () => {
    expect(step.run).not.toContain('${{');
    expect(Object.keys(step.env)).toEqual(['RUN', 'VERSION', 'REPORTS']);
    for (const [, name] of JSON.stringify(action.runs).matchAll(/inputs\.([\w-]+)/g))
      expect(Object.keys(action.inputs)).toContain(name);
  });

  it('checks, with reports to upload, and tells the job', () =>
    withFolder(async (dir) => {
      const REPORTS = join(dir, 'out of it');
      const GITHUB_STEP_SUMMARY = join(dir, 'summary.md');
      const url = `ws://127.0.0.1:${await freePort()}/`;
      const receiver = `node '${resolve('test/check/receivers/receiver.mjs')}' --port ${new URL(url).port} --out kept`;
      const RUN = `check ${url} --cases 'basic.one_speaker' --files 'kept/{recording_id}/{id}.wav' -- ${receiver}`;
      const env = { RUN, VERSION: 'latest', REPORTS, GITHUB_STEP_SUMMARY, GITHUB_ACTIONS: 'true' };
      const { code, stdout, stderr } = await runStep(dir, step.run, env);
      expect([code, stdout], stderr).toEqual([0, expect.stringContaining('all 2 passed')]);
      expect(readFileSync(join(REPORTS, 'report.xml'), 'utf8')).toContain('tests="2" failures="0"');
      expect(readFileSync(join(REPORTS, 'report.html'), 'utf8')).toContain('<html');
      expect(readFileSync(GITHUB_STEP_SUMMARY, 'utf8')).toContain('passed');
    }));

  it('runs any other command as it is', () =>
    withFolder(async (dir) => {
      const RUN = `exec --quiet -- sh -c 'echo "key: $RECALL_API_KEY"'`;
      const { code, stdout } = await runStep(dir, step.run, {
        RUN,
        VERSION: 'latest',
        REPORTS: join(dir, 'r'),
      });
      expect([code, stdout]).toEqual([0, 'key: recall-emulator\n']);
    }));
});

describe('the recipes', () => {
  it('docker-compose.yml starts a mock that its app may use', async () => {
    const { recall, app } = read('examples/docker-compose.yml').services;
    const [name, ...flags] = recall.command;
    expect(name).toBe('serve');
    expect(app.environment.RECALL_API_KEY).toBe(flags[flags.indexOf('--api-key') + 1]);
    await withFolder(async (dir) => {
      const file = join(dir, 'port');
      const { code, stdout } = await startShell(
        `$CLI serve ${flags.join(' ')} --port 0 --json --port-file ${file} & until [ -s ${file} ]; do sleep 0.1; done
         curl -s -H 'Host: recall:8787' -H 'Authorization: Token local' "http://127.0.0.1:$(cat ${file})/api/v1/bot/"; kill -INT $!; wait $!`,
      ).ended;
      expect([code, stdout]).toEqual([0, expect.stringContaining('"results":[]')]);
    });
  });

  it('the CI files name flags that there are', async () => {
    const scripts = [
      ...read('examples/gitlab-ci.yml').receiver.script,
      ...Object.values(read('examples/github-actions.yml').jobs).flatMap((job) =>
        (job as { steps: { run?: string; with?: { run?: string } }[] }).steps.flatMap(
          (each) => each.run ?? each.with?.run ?? [],
        ),
      ),
    ].filter((line: string) => line.includes('check '));
    expect(scripts).toHaveLength(3);
    await withFolder(async (dir) => {
      for (const script of scripts) {
        const listed = `npx recall-emulator ${script.slice(script.indexOf('check ')).replace(' -- ', ' --list -- ')}`;
        const { code, stdout } = await runStep(dir, listed);
        expect([code, stdout], script).toEqual([0, expect.stringContaining('names.equal')]);
      }
    });
  });
});

describe('the Dockerfile', () => {
  const lines = readFileSync('Dockerfile', 'utf8').split(/\n(?! )/);
  const [, last = ''] = readFileSync('Dockerfile', 'utf8')
    .split(/^FROM .*$/m)
    .slice(1);

  it('runs as a user without rights, with a health check', () => {
    expect(last).toMatch(/^USER node$/m);
    expect(lines.filter((line) => line.startsWith('HEALTHCHECK'))).toHaveLength(1);
  });

  it('copies all that the command line needs', () =>
    withFolder(async (dir) => {
      for (const [, paths] of last.matchAll(/^COPY --from=build (.*) \S+$/gm))
        for (const path of paths!.split(' ')) {
          const name = path.replace('/app/', '');
          if (name === 'node_modules') symlinkSync(resolve(name), join(dir, name));
          else cpSync(name, join(dir, name), { recursive: true });
        }
      const [, entry] = /ENTRYPOINT \["node", "\/app\/(.*)"\]/.exec(last)!;
      const { code, stdout } = await startShell(
        `cd '${dir}' && ${process.execPath} ${entry} play --speed max --quiet && ${process.execPath} ${entry} schema openapi | head -1`,
      ).ended;
      expect([code, stdout]).toEqual([0, expect.stringContaining('received audio equals sent audio.\n{')]);
    }));

  it('has a health check that is right', () =>
    withServer({}, async ({ url }) => {
      const [, script = ''] = /CMD \["node", "-e", "(.*)"\]\n/.exec(last)!;
      const check = (where: string): Promise<CliResult> =>
        startShell(`'${process.execPath}' -e "${script.replace('http://127.0.0.1:8787', where)}"`).ended;
      expect((await check(url)).code).toBe(0);
      expect((await check('http://127.0.0.1:1')).code).toBe(1);
    }));
});
