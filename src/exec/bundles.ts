/** Files of certificates to trust: what a command trusted before, and our authority. They last as long as the command. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';
import { readTextFile, writeError } from '../files.ts';
import { BUNDLE_VARIABLES, type Environment, EXTRA_VARIABLE, type TrustVariable } from './environment.ts';

/** Debian and its like, Red Hat and its like, SUSE, Alpine and BSDs, macOS. */
const SYSTEM_BUNDLES = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/ssl/cert.pem',
];
const MAX_BUNDLE_BYTES = 8 * 1024 * 1024;

export interface Bundles {
  readonly files: Readonly<Record<TrustVariable, string>>;
  /** Removes the files. */
  remove(): void;
}

/**
 * A file for each variable. Throws a `UsageError` for a file that the environment names and that cannot be read, and a `WriteError`
 * when there is no temporary folder to write into.
 */
export async function makeBundles(environment: Environment, certificateFile: string): Promise<Bundles> {
  const ours = await readTextFile(certificateFile, MAX_BUNDLE_BYTES);
  const named = async (variable: TrustVariable): Promise<string | undefined> => {
    const file = environment[variable];
    return file === undefined || file === '' ? undefined : readTextFile(file, MAX_BUNDLE_BYTES);
  };
  const texts = new Map<TrustVariable, string>();
  texts.set(EXTRA_VARIABLE, joined((await named(EXTRA_VARIABLE)) ?? '', ours));
  const system = await systemBundle();
  for (const variable of BUNDLE_VARIABLES)
    texts.set(variable, joined((await named(variable)) ?? system, ours));

  const dir = makeFolder();
  const remove = (): void => rmSync(dir, { recursive: true, force: true });
  try {
    const files = Object.fromEntries(
      [...texts].map(([variable, text]) => {
        const file = join(dir, `${variable.toLowerCase()}.pem`);
        writeFileSync(file, text);
        return [variable, file];
      }),
    ) as Record<TrustVariable, string>;
    return { files, remove };
  } catch (error) {
    remove();
    throw writeError(error, dir);
  }
}

function makeFolder(): string {
  try {
    return mkdtempSync(join(tmpdir(), 'recall-emulator-trust-'));
  } catch (error) {
    throw writeError(error, tmpdir());
  }
}

/** What this machine trusts; where nobody knows, what Node does. */
async function systemBundle(): Promise<string> {
  const file = SYSTEM_BUNDLES.find((each) => existsSync(each));
  return file === undefined ? rootCertificates.join('\n') : readTextFile(file, MAX_BUNDLE_BYTES);
}

function joined(before: string, ours: string): string {
  return `${before.trimEnd()}\n${ours}`.trimStart();
}
