/** `exec` as users meet it: commands in several languages that name Recall's hosts, their ends and their signals. */
import { execFile, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { RECALL_HOSTS } from '../../src/protocol/regions.ts';
import { startServer } from '../../src/server/server.ts';
import { runCli, startCli, startShell, withFolder } from '../support/cli.ts';

const has = (command: string): boolean => spawnSync(command, ['--version']).status === 0;
const NODE = process.execPath;
const URL_OF_BOTS = 'https://us-west-2.recall.ai/api/v1/bot/';

/** Making an authority takes a moment: one is enough for all. */
const dir = mkdtempSync(join(tmpdir(), 'recall-emulator-test-'));
const OPTIONS = ['--ca-dir', join(dir, 'ca'), '--speed', 'max', '--scenario', 'fixtures/rapid-toggle.yaml'];
afterAll(() => rmSync(dir, { recursive: true }));

const exec = (command: readonly string[], options: readonly string[] = []) =>
  runCli('exec', ...OPTIONS, ...options, '--', ...command);

/** Somebody who is not Recall. */
async function withOther<T>(use: (url: string) => Promise<T>): Promise<T> {
  const other = createServer((request, response) => response.end(`other: ${request.headers.authorization}`));
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  try {
    return await use(`http://127.0.0.1:${(other.address() as AddressInfo).port}/`);
  } finally {
    other.closeAllConnections();
    other.close();
  }
}

/** What `recall-clients.mjs` prints when its calls to Recall have come to the mock, and no others. */
const LED = {
  fetch: 200,
  https: 200,
  named: 200,
  http: 200,
  tls: true,
  sockets: ['127.0.0.1', '127.0.0.1', '127.0.0.1'],
  other: 'other: Token key',
};

describe('exec', () => {
  it("leads every way of Node's to Recall to the mock, and nothing else", async () => {
    await withOther(async (url) => {
      const { code, stdout, stderr } = await exec([NODE, 'test/support/recall-clients.mjs', url]);
      expect(stderr).toContain('✔ 0 bots');
      expect(JSON.parse(stdout)).toEqual(LED);
      expect(code).toBe(0);
    });
  });

  it.skipIf(!has('curl'))('leads curl there', async () => {
    const { stdout } = await exec(['curl', '-sS', '-H', 'Authorization: key', URL_OF_BOTS]);
    expect(JSON.parse(stdout)).toMatchObject({ count: 0 });
  });

  it.skipIf(!has('python3'))('leads Python there', async () => {
    const call = `Request('${URL_OF_BOTS}', headers={'Authorization': 'key'})`;
    const code = `from urllib.request import Request, urlopen; print(urlopen(${call}).read().decode())`;
    const { stdout } = await exec(['python3', '-c', code]);
    expect(JSON.parse(stdout)).toMatchObject({ count: 0 });
  });

  it('leaves an app to the loader that it has, such as one of TypeScript', async () => {
    await withFolder(async (folder) => {
      const [loader, app] = [join(folder, 'loader.cjs'), join(folder, 'app.dialect')];
      writeFileSync(
        loader,
        "require.extensions['.dialect'] = (module, file) => module._compile('console.log(true)', file);",
      );
      writeFileSync(app, 'no JavaScript at all');
      const { code, stdout } = await exec([NODE, '--require', loader, app]);
      expect([code, stdout]).toEqual([0, 'true\n']);
    });
  });

  it('passes the exit code on, and nothing but the command writes on stdout', async () => {
    const result = await exec([NODE, '-e', 'process.stdout.write("\\u001b[1mas it is"); process.exit(7)']);
    expect([result.code, result.stdout]).toEqual([7, '\u001b[1mas it is']);
    expect(result.stderr).toContain('✔ 0 bots, 0 recordings');
  });

  it('says that a command cannot be started', async () => {
    const { code, stdout, stderr } = await exec(['no-such-program']);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain('error: no-such-program cannot be started: it does not exist (ENOENT).');
    expect((await runCli('exec')).code).toBe(2);
  });

  it('ends the command with all that it started, and passes on how it ended', async () => {
    const app = "console.error('listening'); setInterval(() => {}, 1000)";
    const cli = startCli('exec', ...OPTIONS, '--', 'sh', '-c', `"${NODE}" -e "${app}"; exit 5`);
    await cli.printed(/listening/);
    cli.process.kill('SIGTERM');
    const { code } = await cli.ended;
    // The shell has ended by the signal, as what it waited for has.
    expect(code).toBe(128 + 15);
  });

  it('lets the command take its leave, and ends it at the second signal', async () => {
    const app =
      "process.on('SIGINT', () => console.error('once more')); console.error('listening'); setInterval(() => {}, 1000)";
    const cli = startCli('exec', ...OPTIONS, '--', NODE, '-e', app);
    await cli.printed(/listening/);
    cli.process.kill('SIGINT');
    await cli.printed(/once more/);
    cli.process.kill('SIGINT');
    expect((await cli.ended).code).toBe(128 + 9);
  });

  it('tells the command and others where the mock is', async () => {
    await withFolder(async (folder) => {
      const file = join(folder, 'port');
      const script = `
        const { RECALL_BASE_URL: url, RECALL_API_KEY: key, RECALL_WEBHOOK_SECRET: secret } = process.env;
        const port = require('node:fs').readFileSync(${JSON.stringify(file)}, 'utf8').trim();
        fetch(url + '/_emulator/health').then(({ status }) => console.log(JSON.stringify([status, new URL(url).port === port, key, secret])));`;
      const secret = 'whsec_MDEyMzQ1Njc4OWFiY2RlZg==';
      const options = ['--port-file', file, '--api-key', 'mine', '--secret', secret];
      const { stdout } = await exec([NODE, '-e', script], options);
      expect(JSON.parse(stdout)).toEqual([200, true, 'mine', secret]);
      expect(existsSync(file)).toBe(false);
    });
  });

  it('trusts what was trusted before, too', async () => {
    const before = join(dir, 'before.pem');
    writeFileSync(before, '-----BEGIN CERTIFICATE-----\nbefore\n-----END CERTIFICATE-----\n');
    const show = '"$SSL_CERT_FILE" "$REQUESTS_CA_BUNDLE" "$NODE_EXTRA_CA_CERTS"';
    const cli = startShell(
      `exec $CLI exec ${OPTIONS.join(' ')} -- sh -c 'cat ${show} > ${dir}/all; wc -c < "$CURL_CA_BUNDLE"; echo "$CURL_CA_BUNDLE"'`,
      {
        env: {
          ...process.env,
          SSL_CERT_FILE: before,
          REQUESTS_CA_BUNDLE: '',
          CURL_CA_BUNDLE: '',
          NODE_EXTRA_CA_CERTS: before,
        },
      },
    );
    const { stdout } = await cli.ended;
    // Those of the system, or of Node.
    const [bytes, bundle] = stdout.trim().split('\n');
    expect(Number(bytes)).toBeGreaterThan(20_000);
    expect(existsSync(bundle!)).toBe(false);
    const all = readFileSync(join(dir, 'all'), 'utf8');
    expect(all.split('\nbefore\n')).toHaveLength(3);
    expect(all.split(readFileSync(join(dir, 'ca', 'ca.pem'), 'utf8').trim())).toHaveLength(4);
  });
});

describe('recall-emulator/redirect', () => {
  /** What a script prints that is told of a mock, and of nothing else. */
  const runTold = async (args: readonly string[]): Promise<string> => {
    await using mock = await startServer({ port: 0, proxy: true, caDir: join(dir, 'ca') });
    const { stdout } = await promisify(execFile)(NODE, args, {
      timeout: 60_000,
      env: {
        PATH: process.env.PATH,
        RECALL_EMULATOR_HOSTS: RECALL_HOSTS.join(','),
        RECALL_EMULATOR_URL: mock.url,
        RECALL_EMULATOR_HTTPS_URL: mock.secure!.url,
        RECALL_EMULATOR_CA: mock.secure!.caFile,
      },
    });
    return stdout;
  };

  it.each(['--import', '--require'])('by %s needs nothing but what a mock prints', async (preload) => {
    await withOther(async (url) => {
      const args = [preload, 'recall-emulator/redirect', 'test/support/recall-clients.mjs', url];
      expect(JSON.parse(await runTold(args))).toEqual(LED);
    });
  });

  it('leads what was loaded before it, too', async () => {
    const before = "import { connect } from 'node:tls'; globalThis.dial = (...args) => connect(...args);";
    const app =
      "dial(443, 'api.recall.ai', { servername: 'api.recall.ai' }).once('secureConnect', function () { console.log(this.authorized); this.destroy(); });";
    const first = `data:text/javascript,${encodeURIComponent(before)}`;
    const args = ['--import', first, '--import', 'recall-emulator/redirect', '-e', app];
    expect(await runTold(args)).toBe('true\n');
  });

  it.each(['--import', '--require'])(
    'by %s ends a process that nobody has told where the mock is: its calls would go to the real API',
    (preload) => {
      const args = [preload, 'recall-emulator/redirect', '-e', 'console.log("ran")'];
      const { status, stderr, stdout } = spawnSync(NODE, args, {
        encoding: 'utf8',
        env: { PATH: process.env.PATH },
      });
      expect([status, stdout]).toEqual([2, '']);
      expect(stderr).toContain('recall-emulator exec -- COMMAND');
      expect(stderr.trim().split('\n')).toHaveLength(1);
    },
  );
});

describe('serve', () => {
  it('says in the first line of --json that it is ready, and where', async () => {
    await withFolder(async (folder) => {
      const file = join(folder, 'port');
      const cli = startCli('serve', '--port', '0', '--proxy', ...OPTIONS, '--json', '--port-file', file);
      await cli.printed(/Ctrl-C ends/);
      const port = readFileSync(file, 'utf8');
      cli.process.kill('SIGINT');
      const { stdout, stderr } = await cli.ended;
      const [first, ...others] = stdout.trim().split('\n');
      const url = `http://127.0.0.1:${port.trim()}`;
      expect(JSON.parse(first!)).toEqual({
        ready: true,
        url,
        control: `${url}/_emulator`,
        secure_url: expect.stringMatching(/^https:\/\/127\.0\.0\.1:\d+$/),
        ca_file: join(dir, 'ca', 'ca.pem'),
      });
      expect(JSON.parse(others.at(-1)!)).toMatchObject({ ok: true });
      expect(stderr).toContain(`HTTPS_PROXY=${url}`);
      expect(existsSync(file)).toBe(false);
    });
  });

  it('prints the certificate of its authority', async () => {
    const { code, stdout } = await runCli('serve', '--ca-dir', join(dir, 'ca'), '--print-ca');
    expect([code, stdout]).toEqual([0, readFileSync(join(dir, 'ca', 'ca.pem'), 'utf8')]);
  });
});

it('runs the test of docs/serve.md, which names Recall and is green', async () => {
  const [, text] = /```js\n(\/\/ bot\.test\.mjs\n[\s\S]*?)```/.exec(readFileSync('docs/serve.md', 'utf8'))!;
  await withFolder(async (folder) => {
    const file = join(folder, 'bot.test.mjs');
    writeFileSync(file, text!);
    const options = ['--ca-dir', join(dir, 'ca'), '--speed', 'max'];
    const { code, stdout, stderr } = await runCli('exec', ...options, '--', NODE, '--test', file);
    expect(stdout).toContain('a bot joins, records and leaves');
    expect(stderr).toContain('✔ 1 bot, 1 recording');
    expect(code).toBe(0);
  });
});
