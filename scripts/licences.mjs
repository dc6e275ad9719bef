// Lists the packages that are installed with ours, by licence. Exits with 1 for a licence that nobody has looked at; a test does so.
import { readFileSync } from 'node:fs';

/** Those that an app may install without asking anybody. MPL-2.0 is about changes of its own files. */
const KNOWN = new Set([
  ...['MIT', 'ISC', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'Unlicense', '(MIT AND Zlib)', 'MPL-2.0'],
  // node-forge, of which we take BSD-3-Clause.
  '(BSD-3-Clause OR GPL-2.0)',
]);

const { packages } = JSON.parse(readFileSync(new URL('../package-lock.json', import.meta.url), 'utf8'));
const byLicence = new Map();
for (const [path, { license = 'none', version, ...rest }] of Object.entries(packages)) {
  if (path === '' || rest.dev || rest.devOptional || rest.peer || rest.optional) continue;
  const name = `${path.split('node_modules/').at(-1)} ${version}`;
  byLicence.set(license, [...(byLicence.get(license) ?? []), name]);
}
for (const [licence, names] of [...byLicence].sort()) {
  console.log(`${licence}: ${names.join(', ')}`);
  if (KNOWN.has(licence)) continue;
  console.error(`${licence} is a licence that nobody has looked at: ${names.join(', ')}`);
  process.exitCode = 1;
}
