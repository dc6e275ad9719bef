import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Socket } from 'node:net';
import { dirname, join } from 'node:path';
import { generate as generateCertificate } from 'selfsigned';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { type PlayReport, playReportSchema } from '../../src/emulator/report.ts';
import { startReceiver } from '../../src/receiver/receiver.ts';
import { runCli, startCli, withFolder } from '../support/cli.ts';
import { faultyReceiver, withReceiver } from '../support/faulty-receiver.ts';
import { until } from '../support/until.ts';

const STANDUP = 'fixtures/standup.yaml';
const WAV_HEADER_BYTES = 44;

function reportOf(stdout: string): PlayReport {
  expect(stdout.trimEnd().split('\n')).toHaveLength(1);
  return playReportSchema.parse(JSON.parse(stdout));
}

/** Samples of a WAV that we or flite wrote: 16 kHz mono S16LE behind a plain header. */
function samplesOf(file: string): Int16Array {
  const bytes = readFileSync(file).subarray(WAV_HEADER_BYTES);
  return new Int16Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
}

interface Speak {
  readonly at: string;
  readonly participant: number;
  readonly action: string;
  readonly audio?: string;
}

function scenarioOf(dir: string, lines: string): string {
  const file = join(dir, 'meeting.yaml');
  writeFileSync(file, lines);
  return file;
}

const ONE_TALKER = (seconds: number): string => `
duration: ${seconds}s
participants: [{ id: 100, name: Ada }]
timeline:
  - { at: 0s, participant: 100, action: unmute }
  - { at: 0.2s, participant: 100, action: speak, duration: ${seconds - 0.4}s }
  - { at: ${seconds}s, participant: 100, action: mute }
`;

describe('play at the embedded receiver', () => {
  it('leaves one WAV per participant that has the speech at its place', () =>
    withFolder(async (dir) => {
      const { code, stdout } = await runCli('play', '--speed', 'max', '--out', dir, '--json');
      expect(code).toBe(0);
      const report = reportOf(stdout);
      expect(report.ok).toBe(true);
      expect(report.sent).toBe(report.scheduled);
      expect(report.participants.map(({ connections }) => connections.length)).toEqual([3, 2, 2]);

      const folder = join(dir, `recording-${report.recording_id}`);
      expect(readdirSync(folder).sort()).toEqual([
        'connections.ndjson',
        'events.ndjson',
        'participant-100.wav',
        'participant-200.wav',
        'participant-300.wav',
      ]);
      const { timeline } = parse(readFileSync(STANDUP, 'utf8')) as { timeline: Speak[] };
      const speaks = timeline.filter(({ action }) => action === 'speak');
      expect(speaks.length).toBeGreaterThan(5);
      for (const { at, participant, audio } of speaks) {
        const recorded = samplesOf(join(folder, `participant-${participant}.wav`));
        const spoken = samplesOf(join(dirname(STANDUP), audio!));
        const start = Math.round(Number.parseFloat(at) * 16_000);
        expect(recorded.subarray(start, start + spoken.length)).toEqual(spoken);
      }
    }));

  it('plays in real time, and a table and a verdict follow', () =>
    withFolder(async (dir) => {
      const { code, stdout, stderr } = await runCli('play', scenarioOf(dir, ONE_TALKER(1)), '--out', dir);
      expect(code).toBe(0);
      expect(stdout).toContain('Ada #100');
      expect(stdout).toMatch(
        /✔ 10 of 10 frames delivered over 1 connection; received audio equals sent audio\./,
      );
      expect(stderr).toBe('');
    }));

  it.concurrent.each([['20,100'], ['10'], ['1000'], ['33']])('delivers frames of %s ms', (frameMs) =>
    withFolder(async (dir) => {
      const { code, stdout } = await runCli(
        'play',
        '--speed',
        'max',
        '--frame-ms',
        frameMs,
        '--out',
        dir,
        '--json',
      );
      const report = reportOf(stdout);
      expect(code).toBe(0);
      expect(report.participants.every(({ received }) => received?.ok === true)).toBe(true);
    }),
  );

  it('signs, checks the signature, and survives periodic reconnects', () =>
    withFolder(async (dir) => {
      const secret = `whsec_${Buffer.from('a secret of some length').toString('base64')}`;
      const { code, stdout } = await runCli(
        ...['play', STANDUP, '--speed', 'max', '--secret', secret, '--connections', 'per-endpoint'],
        ...['--reconnect-every', '8s', '--late-close', '3s', '--out', dir, '--json'],
      );
      const report = reportOf(stdout);
      expect(code).toBe(0);
      expect(
        new Set(report.participants.flatMap(({ connections }) => connections.map((c) => c.number))).size,
      ).toBe(4);
      expect(report.dropped.total).toBe(0);
    }));
});

describe('play at a receiver', () => {
  it('dials the exact URL, query and headers included, once per endpoint', () =>
    withReceiver([], async (receiver) => {
      const { code } = await runCli(
        ...['play', STANDUP, '--speed', 'max', '--connections', 'per-endpoint', '--json'],
        ...['--to', `${receiver.url}/audio/in?token=a%2Fb&x=1`, '--header', 'X-Team: red'],
      );
      expect(code).toBe(0);
      expect(receiver.upgrades.map(({ url }) => url)).toEqual(['/audio/in?token=a%2Fb&x=1']);
      expect(receiver.upgrades[0]!.headers['x-team']).toBe('red');
      expect(receiver.messages).toHaveLength(416);
      expect(receiver.closes).toEqual([1000]);
    }));

  it('goes on when the receiver is killed and started again in mid-call', () =>
    withFolder(async (dir) => {
      const first = await startReceiver({});
      const { port } = first;
      const cli = startCli(
        ...['play', scenarioOf(dir, ONE_TALKER(4)), '--to', `ws://127.0.0.1:${port}`],
        ...['--retry-interval', '0.3', '--json'],
      );
      await until(() => first.stats().messages >= 5);
      await first.close();
      await cli.printed(/retry 1 of 30/);
      const second = await startReceiver({ port });
      const { code, stdout } = await cli.ended;
      await second.close();
      const report = reportOf(stdout);
      expect(code).toBe(1);
      expect(report.dropped.disconnected).toBeGreaterThan(0);
      expect(report.dropped.total).toBe(report.dropped.disconnected);
      const connections = report.participants[0]!.connections;
      expect(connections).toHaveLength(2);
      expect(connections[0]).toMatchObject({ close_code: 1001 });
      expect(connections[1]!.retries).toBeGreaterThan(0);
      expect(second.stats().messages).toBe(connections[1]!.sent);
      expect(second.problems).toEqual([]);
      expect(report.verdict).toContain('lost while disconnected');
    }));

  it('says what 401 means, and fails after the last retry', () =>
    withReceiver(Array(3).fill({ kind: 'status', status: 401 }), async (receiver) => {
      const { code, stdout, stderr } = await runCli(
        ...['play', STANDUP, '--speed', 'max', '--to', `${receiver.url}/?token=hidden`],
        ...['--connections', 'per-endpoint', '--retry-attempts', '2', '--json'],
      );
      const report = reportOf(stdout);
      expect(code).toBe(1);
      expect(receiver.upgrades).toHaveLength(3);
      expect(report.sent).toBe(0);
      expect(report.endpoints[0]!.status).toBe('failed');
      expect(report.verdict).toContain('HTTP 401');
      expect(stderr).toContain('gave up after 2 retries');
      expect(stdout + stderr).not.toContain('hidden');
    }));

  it('ends with what it did not look at, and how to have it looked at, at a receiver of others', () =>
    withReceiver([], (receiver) =>
      withFolder(async (dir) => {
        const args = ['play', scenarioOf(dir, ONE_TALKER(1)), '--speed', 'max'];
        const [there, embedded] = await Promise.all([
          runCli(...args, '--to', `${receiver.url}/?token=hidden`),
          runCli(...args, '--out', join(dir, 'embedded')),
        ]);
        const last = there.stdout.trimEnd().split('\n').at(-1);
        expect(last).toMatch(
          /^delivery only: what the receiver kept was not looked at \(recall-emulator check 'ws:\/\/127/,
        );
        expect(last).not.toContain('hidden');
        expect(embedded.stdout).not.toContain('delivery only');
      }),
    ));

  it('waits for a hanging upgrade no longer than its timeout', () =>
    withReceiver([{ kind: 'hang' }, { kind: 'hang' }], async (receiver) => {
      const { code, stdout } = await runCli(
        ...['play', STANDUP, '--speed', 'max', '--to', receiver.url, '--connections', 'per-endpoint'],
        ...['--retry-attempts', '1', '--handshake-timeout', '0.2', '--json'],
      );
      expect(code).toBe(1);
      expect(reportOf(stdout).verdict).toContain('did not answer the upgrade within 0.2 s');
    }));

  it('does not wait for ever for a receiver that does not read', () =>
    withFolder(async (dir) => {
      const sockets: Socket[] = [];
      const server = createServer().on('upgrade', (request, socket) => {
        sockets.push(socket as Socket);
        acceptUpgrade(request.headers['sec-websocket-key']!, socket as Socket);
        socket.pause();
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const { port } = server.address() as AddressInfo;
      const scenario = scenarioOf(
        dir,
        'duration: 20m\nparticipants: [{ id: 1, name: Ada }]\ntimeline: [{ at: 0s, participant: 1, action: unmute }]',
      );
      const { code, stdout } = await runCli(
        ...['play', scenario, '--to', `ws://127.0.0.1:${port}`, '--speed', 'max', '--max-backlog', '20000'],
        ...['--stall-timeout', '0.3', '--close-timeout', '0.3', '--json'],
      );
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
      const report = reportOf(stdout);
      expect(code).toBe(1);
      expect(report.scheduled).toBe(12_000);
      expect(report.dropped.slow_receiver).toBeGreaterThan(1_000);
      expect(report.sent + report.dropped.total).toBe(report.scheduled);
      expect(report.verdict).toContain('the receiver did not keep up');
    }));

  it('asks for --insecure at a self-signed certificate, and then plays', () =>
    withFolder(async (dir) => {
      const { private: key, cert } = await generateCertificate([{ name: 'commonName', value: 'localhost' }]);
      await using receiver = await startReceiver({ tls: { key, cert } });
      const args = ['play', scenarioOf(dir, ONE_TALKER(1)), '--speed', 'max', '--to', receiver.url];
      const refused = await runCli(...args, '--retry-attempts', '0');
      expect(refused.code).toBe(1);
      const told = `${refused.stderr}${refused.stdout}`.replace(/\n +/g, ' ');
      // By the log, the connection, the verdict, the cause, its evidence and its remedy.
      expect(told.match(/use --insecure/g)).toHaveLength(6);
      expect(told).not.toContain('`');
      const accepted = await runCli(...args, '--insecure');
      expect(accepted.code).toBe(0);
      expect(receiver.stats().messages).toBe(10);
    }));

  it('closes every connection and prints the summary on Ctrl-C', () =>
    withReceiver([], async (receiver) => {
      const cli = startCli('play', STANDUP, '--to', receiver.url, '--json');
      await until(() => receiver.messages.length >= 3);
      cli.process.kill('SIGINT');
      const { code, stdout } = await cli.ended;
      const report = reportOf(stdout);
      expect(code).toBe(0);
      expect(report.interrupted).toBe(true);
      expect(report.sent).toBe(report.scheduled);
      expect(report.verdict).toContain('Interrupted after');
      await until(() => receiver.closes.length === 1);
      expect(receiver.closes).toEqual([1000]);
      expect(receiver.messages).toHaveLength(report.sent);
    }));

  it('tells a plain TCP server from a receiver', async () => {
    const server = createTcpServer((socket) => socket.end('220 mail.example.com ESMTP\r\n'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const { code, stdout } = await runCli(
      ...[
        'play',
        STANDUP,
        '--speed',
        'max',
        '--to',
        `ws://127.0.0.1:${port}`,
        '--retry-attempts',
        '0',
        '--json',
      ],
    );
    server.close();
    expect(code).toBe(1);
    expect(reportOf(stdout).verdict).toContain('is it a WebSocket server?');
  });

  it('says that nothing listens', async () => {
    const receiver = await faultyReceiver();
    await receiver.close();
    const { code, stdout } = await runCli(
      ...['play', STANDUP, '--speed', 'max', '--to', receiver.url, '--retry-attempts', '1', '--json'],
    );
    expect(code).toBe(1);
    expect(reportOf(stdout).verdict).toContain('ECONNREFUSED');
  });
});

describe('what the command line shows', () => {
  it('prints the summary only with -q, also when the receiver fails', () =>
    withReceiver([{ kind: 'status', status: 503 }], async ({ url }) => {
      const args = ['play', STANDUP, '--speed', 'max', '--to', `${url}/a?token=x`, '--retry-interval', '0.1'];
      const quiet = await runCli(...args, '-q');
      expect(quiet.stderr).toBe('');
      expect(quiet.stdout).toContain('frames delivered');
    }));

  it('warns of a URL that Recall would refuse, and dials it', () =>
    withReceiver([], async (receiver) => {
      const args = ['play', STANDUP, '--speed', 'max', '--connections', 'per-endpoint'];
      const { code, stderr } = await runCli(...args, '--to', `${receiver.url}/audio?token=hidden`);
      expect(code).toBe(0);
      expect(stderr).toMatch(/^warning: Recall answers HTTP 400 .*\/audio\/\?/);
      expect(stderr).not.toContain('hidden');
      expect((await runCli(...args, '--to', `${receiver.url}/audio/?token=hidden`)).stderr).toBe('');
      expect(receiver.upgrades.map(({ url }) => url)).toEqual([
        '/audio?token=hidden',
        '/audio/?token=hidden',
      ]);
    }));

  it('reads the URL as browsers do', () =>
    withFolder(async (dir) => {
      const { private: key, cert } = await generateCertificate([{ name: 'commonName', value: 'localhost' }]);
      await using receiver = await startReceiver({ tls: { key, cert } });
      const { code } = await runCli(
        ...['play', scenarioOf(dir, ONE_TALKER(1)), '--speed', 'max', '--insecure', '--json'],
        ...['--to', ` ${receiver.url.replace('wss:', 'WSS:')} `],
      );
      expect(code).toBe(0);
      expect(receiver.stats().messages).toBe(10);
    }));

  it('prints names in JSON as they are, and nothing that moves the cursor', () =>
    withFolder(async (dir) => {
      const scenario = scenarioOf(dir, ONE_TALKER(1).replace('name: Ada', 'name: "A\\u009b2J\\u202eb"'));
      const { stdout } = await runCli('play', scenario, '--speed', 'max', '--out', dir, '--json');
      expect(reportOf(stdout).participants[0]!.name).toBe('A\u009b2J\u202eb');
      expect(stdout).toContain('A\\u009b2J\\u202eb');
    }));

  it('lets nothing from outside move the cursor', () =>
    withFolder((dir) =>
      withReceiver(
        [{ kind: 'close', after: 2, code: 4000, reason: 'x\r\n✔ fine\u001b[2J' }],
        async ({ url }) => {
          const scenario = scenarioOf(dir, ONE_TALKER(1).replace('name: Ada', 'name: "A\\u001b]0;b\\u0007"'));
          const { stdout, stderr } = await runCli('play', scenario, '--to', url, '--retry-interval', '0.1');
          // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not be there
          expect(stdout + stderr).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
          expect(stdout.match(/^✔/gm)).toBeNull();
          expect(stdout).toContain('A\\u001b]0;b\\u0007 #100');
          expect(stderr).toContain('close code 4000');
        },
      ),
    ));
});

describe('wrong usage', () => {
  it.concurrent.each([
    ['a URL where the scenario stands', ['play', 'WS://127.0.0.1:4000/?token=x'], '--to'],
    ['a host and port there', ['play', 'localhost:4000'], '--to'],
    ['a web address there', ['play', 'https://example.com/audio'], '--to'],
    ['a fragment', ['play', '--to', 'ws://127.0.0.1:1/#x'], 'fragment'],
    ['an unknown option', ['play', '--frobnicate'], '--frobnicate'],
    ['an unknown command', ['plai'], 'plai'],
    ['a frame that is too short', ['play', '--frame-ms', '5'], '10 to 1000'],
    ['an http URL', ['play', '--to', 'http://127.0.0.1:4000/x'], 'ws://127.0.0.1:4000/x'],
    ['no URL at all', ['play', '--to', 'localhost'], 'ws://'],
    ['a missing scenario', ['play', 'nowhere.yaml'], 'nowhere.yaml'],
    ['a missing capture', ['play', '--capture', 'nowhere.ndjson'], 'nowhere.ndjson'],
    ['a secret that is none', ['play', '--secret', 'abc'], 'whsec_'],
    ['scenario and capture', ['play', STANDUP, '--capture', 'x.ndjson'], 'not both'],
    ['out and to', ['play', '--to', 'ws://127.0.0.1:1', '--out', 'x'], '--out'],
    ['a speed of nothing', ['play', '--speed', '0'], 'speed'],
    ['a header without a colon', ['play', '--header', 'nonsense'], 'name: value'],
  ])('%s exits with 2 and says what to do', async (_what, args, says) => {
    const { code, stdout, stderr } = await runCli(...args);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain(says);
    expect(stderr).not.toMatch(/\n\s+at /);
  });

  it('lists all problems of a scenario with their places', () =>
    withFolder(async (dir) => {
      const file = scenarioOf(
        dir,
        'participants:\n  - { id: 1, name: A }\n  - { id: 1, name: B }\ntimeline:\n  - { at: 1s, participant: 1, action: mute }\n  - { at: 2s, participant: 9, action: unmute }\n',
      );
      const { code, stderr } = await runCli('play', file);
      expect(code).toBe(2);
      expect(stderr).toContain(`${file}:3:`);
      expect(stderr).toContain(`${file}:6:`);
    }));
});

function acceptUpgrade(key: string, socket: Socket): void {
  const accept = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
  );
}
