// Run after `npm install` has changed package-lock.json behind a registry mirror that holds the packages of one platform
// only: npm then leaves the other platforms' optional packages out of the lock, and `npm ci` refuses it everywhere.
// Adds them by name and version, which is what their parents pin; npm checks nothing else for another platform.
import { readFileSync, writeFileSync } from 'node:fs';

const OS = [
  'darwin',
  'linux',
  'win32',
  'android',
  'freebsd',
  'openbsd',
  'netbsd',
  'sunos',
  'aix',
  'openharmony',
];
const CPU = ['arm64', 'x64', 'ia32', 'arm', 'riscv64', 'ppc64', 's390x', 'loong64', 'mips64el', 'wasm32'];

const file = new URL('../package-lock.json', import.meta.url);
const lock = JSON.parse(readFileSync(file, 'utf8'));
let added = 0;
for (const [path, parent] of Object.entries(lock.packages)) {
  for (const [name, range] of Object.entries(parent.optionalDependencies ?? {})) {
    const places = [`${path}/node_modules/${name}`, `node_modules/${name}`];
    if (places.some((place) => lock.packages[place] !== undefined)) continue;
    const version = /^\d+\.\d+\.\d+[-.\w]*$/.exec(range)?.[0] ?? /\d+\.\d+\.\d+[-.\w]*/.exec(range)?.[0];
    const words = name.replaceAll('@', '').split(/[-/_.]/);
    const os = OS.filter((each) => words.includes(each));
    const cpu = CPU.filter((each) =>
      words.some((word) => word === each || (each === 'arm' && /^armv?\d|^arm$/.test(word))),
    );
    const libc = words.some((word) => word.startsWith('musl'))
      ? ['musl']
      : words.some((word) => /^gnu|^glibc/.test(word))
        ? ['glibc']
        : [];
    // fsevents is for macOS alone, and its name does not say so.
    if (name === 'fsevents') os.push('darwin');
    if (os.length + cpu.length === 0) {
      console.error(`left out: ${name} (its name tells no platform)`);
      continue;
    }
    lock.packages[`node_modules/${name}`] = {
      version,
      ...(cpu.length > 0 ? { cpu } : {}),
      ...(parent.dev ? { dev: true } : {}),
      ...(libc.length > 0 ? { libc } : {}),
      ...(parent.license ? { license: parent.license } : {}),
      optional: true,
      ...(os.length > 0 ? { os } : {}),
    };
    added++;
  }
}
lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1)));
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
console.log(`${added} packages added`);
