/** The house keeps its shape: imports only point down the floors, and none in a circle (CONTRIBUTING.md draws the floors). */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FLAGS } from '../src/cli/flags.ts';

const SOURCES = 'src';

/** Modules that stand beside the rooms, on the lowest floor. */
const GROUND = [
  'errors',
  'plain-text',
  'json',
  'files',
  'output-files',
  'guard',
  'target',
  'words',
  'range',
  'junit',
  'package-files',
  'built-page',
];
/** What each room may import beside itself. Whatever is not named here is not allowed. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  ...Object.fromEntries(GROUND.map((name) => [name, GROUND])),
  protocol: ['errors', 'plain-text', 'json', 'target', 'words'],
  audio: ['protocol', ...GROUND],
  scenario: ['audio', 'protocol', ...GROUND],
  video: ['protocol'],
  emulator: ['scenario', 'audio', 'video', 'protocol', ...GROUND],
  receiver: ['scenario', 'audio', 'protocol', ...GROUND],
  trace: ['emulator', 'scenario', 'audio', 'protocol', ...GROUND],
  diagnose: ['emulator', 'protocol', ...GROUND],
  play: ['diagnose', 'emulator', 'receiver', 'scenario', 'audio', 'protocol', ...GROUND],
  published: ['errors', 'plain-text', 'package-files'],
  config: ['scenario', ...GROUND],
  starter: ['scenario', ...GROUND],
  import: ['scenario', 'audio', 'protocol', ...GROUND],
  server: ['trace', 'diagnose', 'emulator', 'scenario', 'audio', 'video', 'protocol', ...GROUND],
  exec: ['server', 'protocol', ...GROUND],
  redirect: ['protocol'],
  inbox: ['server', 'receiver', 'emulator', 'protocol', ...GROUND],
  trigger: ['server', 'emulator', 'protocol', ...GROUND],
  load: ['diagnose', 'emulator', 'scenario', 'audio', 'protocol', ...GROUND],
  check: [
    'play',
    'server',
    'trace',
    'diagnose',
    'emulator',
    'receiver',
    'scenario',
    'audio',
    'protocol',
    ...GROUND,
  ],
  testing: ['check', 'server', 'play', 'emulator', 'receiver', 'scenario', 'audio', 'protocol', ...GROUND],
  vitest: ['check', 'testing', 'play', 'emulator', 'scenario'],
  msw: ['server', 'emulator', 'scenario', 'audio', 'protocol', ...GROUND],
  artillery: ['load', 'emulator', 'scenario', 'audio', 'protocol', ...GROUND],
  index: [
    'config',
    'check',
    'play',
    'trigger',
    'server',
    'load',
    'emulator',
    'receiver',
    'scenario',
    'protocol',
    ...GROUND,
  ],
  cli: [
    'config',
    'published',
    'starter',
    'check',
    'exec',
    'play',
    'trigger',
    'inbox',
    'import',
    'server',
    'load',
    'trace',
    'diagnose',
    'emulator',
    'receiver',
    'scenario',
    'audio',
    'protocol',
    ...GROUND,
  ],
};

/** The server's own floors, from the top: what stands in its folder itself is above all of them. */
const SERVER_FLOORS = ['control', 'api', 'bot', 'webhooks', 'store'];

const files = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => join(SOURCES, file));

/** The pages, which a browser runs: lanes are for all of them, the rest is a folder a page. */
const PAGES = 'web';
const ofPages = readdirSync(PAGES, { recursive: true, encoding: 'utf8' }).map((file) => join(PAGES, file));
const pages = ofPages.filter((file) => /\.tsx?$/.test(file));
const styles = ofPages.filter((file) => file.endsWith('.css'));
/** What of the sources a page may run. Of all else it knows the types. */
const FOR_PAGES = [
  'src/plain-text.ts',
  'src/protocol/absolute.ts',
  'src/trace/columns.ts',
  'src/trace/adpcm.ts',
];

/** Files of ours that a file imports, types included, at its top or when it is needed. */
function importsOf(file: string): string[] {
  const text = readFileSync(file, 'utf8');
  return [...text.matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g)].map(([, path]) =>
    join(dirname(file), path!),
  );
}

/** `emulator` of `src/emulator/wire.ts`, `play` of `src/play.ts`. */
function roomOf(file: string): string {
  return relative(SOURCES, file).split('/')[0]!.replace(/\.ts$/, '');
}

const MAX_FILE_LINES = 350;
const MAX_FUNCTION_LINES = 60;

/** First lines of functions, methods and the ends of long signatures, as the formatter writes them. */
const FUNCTION_HEADS = [
  /^\s*(export )?(async )?function\b.*\{$/,
  /=> \{$/,
  /^\s+(?=\S)(?!(?:if|for|while|switch|catch|with)\b)[\w#* ]+(<.*>)?\(.*\)(: .+)? \{$/,
  /^\s*\}?\)(: .+)? \{$/,
];

/** Functions that are too long, with their places. One may be longer when the line above it says why: `// Long: …`. */
function longFunctions(file: string): string[] {
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines.flatMap((head, index) => {
    if (!FUNCTION_HEADS.some((pattern) => pattern.test(head))) return [];
    if (lines[index - 1]?.includes('Long: ') === true) return [];
    // The formatter puts the closing bracket under the beginning of the first line.
    const close = `${/^\s*/.exec(head)![0]}}`;
    const length = lines.slice(index + 1).findIndex((line) => line.startsWith(close)) + 2;
    return length > MAX_FUNCTION_LINES ? [`${file}:${index + 1} has ${length} lines: ${head.trim()}`] : [];
  });
}

describe('the house', () => {
  it('has no import that runs up or sideways', () => {
    const wrong = files.flatMap((file) =>
      importsOf(file)
        .filter((target) => roomOf(target) !== roomOf(file))
        .filter((target) => ALLOWED[roomOf(file)]?.includes(roomOf(target)) !== true)
        .map((target) => `${file} imports ${target}`),
    );
    expect(wrong).toEqual([]);
  });

  it('has pages that know of the house what it reports, and lanes that know no page', () => {
    const wrong = pages.flatMap((file) => {
      const text = readFileSync(file, 'utf8').replaceAll(/import type [^;]*;/g, '');
      const run = [...text.matchAll(/from '(\.[^']+)'/g)].map(([, path]) => join(dirname(file), path!));
      const isLane = file.startsWith('web/lanes/');
      return run
        .filter(
          (path) =>
            !(path.startsWith('web/') ? !isLane || path.startsWith('web/lanes/') : FOR_PAGES.includes(path)),
        )
        .map((path) => `${file} imports ${path}`);
    });
    expect(wrong).toEqual([]);
  });

  it('has floors in the server, too', () => {
    const floorOf = (file: string): number => SERVER_FLOORS.indexOf(relative(SOURCES, file).split('/')[1]!);
    const wrong = files.flatMap((file) =>
      importsOf(file)
        .filter((target) => roomOf(file) === 'server' && roomOf(target) === 'server')
        .filter((target) => floorOf(target) < floorOf(file))
        .map((target) => `${file} imports ${target}`),
    );
    expect(wrong).toEqual([]);
  });

  it('has no imports in a circle', () => {
    const imports = new Map(files.map((file) => [file, importsOf(file)]));
    const done = new Set<string>();
    const circles: string[] = [];
    const visit = (file: string, path: readonly string[]): void => {
      if (path.includes(file)) circles.push([...path.slice(path.indexOf(file)), file].join(' → '));
      if (path.includes(file) || done.has(file)) return;
      for (const target of imports.get(file) ?? []) visit(target, [...path, file]);
      done.add(file);
    };
    for (const file of files) visit(file, []);
    expect(circles).toEqual([]);
  });

  it('has a command line that loads schemas and sockets only for the command that is called', () => {
    const atStart = new Set<string>();
    const load = (file: string): void => {
      if (atStart.has(file)) return;
      atStart.add(file);
      const text = readFileSync(file, 'utf8').replaceAll(/import type [^;]*;/g, '');
      for (const [, path] of text.matchAll(/from '(\.[^']+)'/g)) load(join(dirname(file), path!));
    };
    load(join(SOURCES, 'cli', 'main.ts'));
    expect(atStart.size).toBeGreaterThan(20);
    const heavy = [...atStart].filter((file) =>
      /^import (?!type ).* from '(zod|ws|yaml|hono|hdr-histogram-js[^']*|string-width|log-update)'/m.test(
        readFileSync(file, 'utf8'),
      ),
    );
    expect(heavy).toEqual([]);
  });

  it('has a test of its own for every part of the way of a frame', () => {
    const parts = [
      'clock',
      'pacer',
      'stream',
      'frames',
      'ledger',
      'endpoint',
      'connection',
      'wire',
      'script',
    ];
    for (const part of parts) {
      expect(files).toContain(join(SOURCES, 'emulator', `${part}.ts`));
      expect(existsSync(`test/emulator/${part}.test.ts`), part).toBe(true);
    }
  });

  it('has no long file without a reason', () => {
    const linesOf = (file: string): number => readFileSync(file, 'utf8').split('\n').length - 1;
    const long = [...files, ...pages, ...styles].filter((file) => linesOf(file) > MAX_FILE_LINES);
    expect(long).toEqual([]);
  });

  it('has no long function without a reason', () => {
    expect([...files, ...pages].flatMap(longFunctions)).toEqual([]);
  });

  it('has no text below the command line that names a flag: there is none in tests and apps', () => {
    const flags = Object.values(FLAGS).map(({ flags }) => /--[\w-]+/.exec(flags)![0]);
    const named = new RegExp(`(${flags.join('|')})(?![\\w-])`);
    const wrong = files
      .filter((file) => roomOf(file) !== 'cli')
      .flatMap((file) =>
        readFileSync(file, 'utf8')
          .split('\n')
          .map((line, index) => ({ line: line.trim(), place: `${file}:${index + 1}` }))
          .filter(({ line }) => !/^(\/?\*|\/\/)/.test(line) && named.test(line))
          .map(({ line, place }) => `${place} ${line}`),
      );
    expect(wrong).toEqual([]);
  });

  it('knows in one place where the files of the package are: the bundle is not where the sources are', () => {
    const wrong = files.filter((file) => /new URL\(\s*'\.\./.test(readFileSync(file, 'utf8')));
    expect(wrong).toEqual([]);
  });

  it('has a place for every file', () => {
    const rooms = new Set(files.map(roomOf));
    expect([...rooms].filter((room) => ALLOWED[room] === undefined)).toEqual([]);
  });
});
