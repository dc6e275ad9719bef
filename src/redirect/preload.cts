/**
 * What `recall-emulator/redirect` does, as CommonJS: `node --require` loads it before any app, and leaves the app to the loader that it
 * has. (`--import` makes Node 20 load the app as a module, which ts-node and its like do not survive.)
 *
 * Node's own sockets are led to the mock, whoever opens them: `fetch`, undici, `http`, `https`, `ws`. Only the hosts that are named are;
 * all else goes where it went. `recall-emulator exec` sets the variables that it reads, and `serve` prints them when it is a proxy:
 *
 * - `RECALL_EMULATOR_HOSTS`: Recall's, with commas in between
 * - `RECALL_EMULATOR_URL`: what stands in for `http://`
 * - `RECALL_EMULATOR_HTTPS_URL`: what stands in for `https://`
 * - `RECALL_EMULATOR_CA`: the file of the certificate that the latter is trusted by
 *
 * Without them the process ends at once, with exit code 2: its calls, and its key, would go to the real API.
 */
const { readFileSync } = require('node:fs') as typeof import('node:fs');
const { syncBuiltinESMExports } = require('node:module') as typeof import('node:module');
const net = require('node:net') as typeof import('node:net');
const tls = require('node:tls') as typeof import('node:tls');

/** What a socket is told to dial. */
interface Address {
  readonly host?: string | undefined;
  readonly port?: number | string | undefined;
  readonly path?: string | undefined;
}

interface Mock {
  readonly hosts: readonly string[];
  readonly plain: URL;
  readonly secure: URL;
  /** Of its authority, as PEM. */
  readonly ca: string;
}

const HTTPS_PORT = 443;

// biome-ignore lint/suspicious/noExplicitAny: Node's functions take their arguments in several ways, and are given them as they came
type Arguments = any[];

function readMock(): Mock {
  const { RECALL_EMULATOR_HOSTS, RECALL_EMULATOR_URL, RECALL_EMULATOR_HTTPS_URL, RECALL_EMULATOR_CA } =
    process.env;
  try {
    return {
      hosts: RECALL_EMULATOR_HOSTS!.split(','),
      plain: new URL(RECALL_EMULATOR_URL!),
      secure: new URL(RECALL_EMULATOR_HTTPS_URL!),
      ca: readFileSync(RECALL_EMULATOR_CA!, 'utf8'),
    };
  } catch {
    process.stderr.write(
      'recall-emulator/redirect: RECALL_EMULATOR_HOSTS, _URL, _HTTPS_URL and _CA do not name a mock. ' +
        'Start the app with "recall-emulator exec -- COMMAND", or set them to what a mock prints that is a proxy.\n',
    );
    process.exit(2);
  }
}

/** Hosts have no case, and may end with the dot of their root. */
function isRecalls(host: unknown, { hosts }: Mock): boolean {
  return typeof host === 'string' && hosts.includes(host.toLowerCase().replace(/\.$/, ''));
}

/** Where to dial instead; undefined for what goes where it went. */
function insteadOf({ host, port, path }: Address, mock: Mock): Address | undefined {
  if (path !== undefined && path !== null) return undefined;
  if (!isRecalls(host, mock)) return undefined;
  const { hostname, port: mockPort } = Number(port) === HTTPS_PORT ? mock.secure : mock.plain;
  // Addresses of IPv6 have brackets in URLs, and nowhere else.
  return { host: hostname.replace(/^\[|\]$/g, ''), port: Number(mockPort) };
}

/** Every socket of Node's connects here, also those of `net.connect` and `tls.connect`. */
function redirectSockets(mock: Mock): void {
  const { connect } = net.Socket.prototype;
  net.Socket.prototype.connect = function (this: import('node:net').Socket, ...args: Arguments) {
    const [first] = args;
    // `net.connect` hands over a list of options and callback that it knows again: the list itself has to stay.
    if (Array.isArray(first)) {
      const instead = insteadOf(first[0] ?? {}, mock);
      if (instead !== undefined) first[0] = { ...first[0], ...instead };
    } else if (typeof first === 'object' && first !== null) {
      const instead = insteadOf(first, mock);
      if (instead !== undefined) args[0] = { ...first, ...instead };
    } else {
      const instead = insteadOf({ port: first, host: args[1] }, mock);
      if (instead !== undefined) args.splice(0, 2, instead.port, instead.host);
    }
    return (connect as (...args: Arguments) => import('node:net').Socket).apply(this, args);
  } as typeof connect;
}

/** The mock's certificate is trusted for Recall's hosts, and by nobody else's connections. */
function trust(mock: Mock): void {
  const { connect } = tls;
  tls.connect = ((...args: Arguments) => {
    const at = args.findIndex((each) => typeof each === 'object' && each !== null);
    const options: import('node:tls').ConnectionOptions = args[at] ?? {};
    const host = options.servername ?? options.host ?? args[1];
    if (at !== -1 && isRecalls(host, mock)) args[at] = { ...options, ca: mock.ca };
    return (connect as (...args: Arguments) => import('node:tls').TLSSocket)(...args);
  }) as typeof connect;
}

const mock = readMock();
redirectSockets(mock);
trust(mock);
// For those who import functions of these modules by name.
syncBuiltinESMExports();
