/**
 * A certificate authority of our own, so that apps can call `https://us-west-2.recall.ai` and reach us. It is made once and kept;
 * its key is for its owner only. It can vouch for Recall's hosts, this machine and addresses, and for no other name.
 */
import { createPrivateKey, generateKeyPair, randomBytes, X509Certificate } from 'node:crypto';
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import forge from 'node-forge';
import { UsageError } from '../errors.ts';
import { readTextFile, refusalOf } from '../files.ts';

const { asn1, md, pki } = forge;

/** Of the authority's folder. */
const CERTIFICATE_FILE = 'ca.pem';
const KEY_FILE = 'ca-key.pem';
const MAX_FILE_BYTES = 64 * 1024;

const SUBJECT = [
  { shortName: 'CN', value: 'recall-emulator' },
  { shortName: 'O', value: 'Local authority of recall-emulator' },
];
/** All names that it may vouch for: a key that gets into wrong hands is good for nothing else (RFC 5280, 4.2.1.10). */
const NAMES = ['recall.ai', 'localhost'];
const NAME_CONSTRAINTS = '2.5.29.30';
/** Kinds of names in certificates (RFC 5280, 4.2.1.6). */
const DNS_NAME = 2;
const IP_ADDRESS = 7;

const generateKeys = promisify(generateKeyPair);

const DAY_MS = 24 * 3_600 * 1_000;
const AUTHORITY_DAYS = 3_650;
/** Clients refuse what is good for much longer than a year. */
const CERTIFICATE_DAYS = 397;

/** A certificate and its private key, as PEM. */
export interface KeyedCertificate {
  readonly cert: string;
  readonly key: string;
}

export interface Authority {
  /** What clients have to trust, as PEM. */
  readonly certificate: string;
  /** The same as a file. */
  readonly file: string;
  /** A certificate for host names and addresses, good for 397 days; its key is of this process alone, and kept nowhere. */
  issue(names: readonly string[]): Promise<KeyedCertificate>;
}

/** Where the authority is kept unless told otherwise: with what other programs keep for this user. */
function authorityFolder(): string {
  const { XDG_DATA_HOME } = process.env;
  const home =
    XDG_DATA_HOME === undefined || XDG_DATA_HOME === '' ? join(homedir(), '.local/share') : XDG_DATA_HOME;
  return join(home, 'recall-emulator', 'ca');
}

/**
 * The authority of a folder, which is made when it is not there. Throws a `UsageError`: `ca_unusable` for a folder that cannot be
 * made or read, `invalid_ca` for one that has something else, or a certificate that has expired.
 */
export async function openAuthority(dir = authorityFolder()): Promise<Authority> {
  const kept = (await read(dir)) ?? (await make(dir));
  checkKept(dir, kept);
  const { cert } = kept;
  return {
    certificate: cert,
    file: join(dir, CERTIFICATE_FILE),
    issue: (names) => issue(kept, names),
  };
}

/** Undefined when there is none. */
async function read(dir: string): Promise<KeyedCertificate | undefined> {
  try {
    const [cert, key] = await Promise.all(
      [CERTIFICATE_FILE, KEY_FILE].map((name) => readTextFile(join(dir, name), MAX_FILE_BYTES)),
    );
    return { cert: cert!, key: key! };
  } catch (error) {
    const { code } = (error as { readonly cause?: NodeJS.ErrnoException }).cause ?? {};
    if (code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Certificate and key come to be together: another process that makes them at the same time is first, or is too late. */
async function make(dir: string): Promise<KeyedCertificate> {
  const made = await selfSigned();
  let fresh: string | undefined;
  try {
    mkdirSync(dirname(dir), { recursive: true, mode: 0o700 });
    fresh = mkdtempSync(`${dir}-`);
    writeFileSync(join(fresh, KEY_FILE), made.key, { mode: 0o600 });
    writeFileSync(join(fresh, CERTIFICATE_FILE), made.cert, { mode: 0o644 });
    renameSync(fresh, dir);
    return made;
  } catch (error) {
    if (fresh !== undefined) rmSync(fresh, { recursive: true, force: true });
    const other = await read(dir);
    if (other !== undefined) return other;
    const refusal = refusalOf(error);
    if (refusal === undefined) throw error;
    throw new UsageError('ca_unusable', `${dir} cannot be used: ${refusal}.`, {
      hint: 'The certificate authority is kept there, and nothing else may be: choose another folder with `caDir`.',
      cause: error,
    });
  }
}

function checkKept(dir: string, { cert, key }: KeyedCertificate): void {
  let why: string | undefined;
  try {
    const read = new X509Certificate(cert);
    if (Date.parse(read.validTo) < Date.now()) why = `its certificate has expired (${read.validTo})`;
    else if (!read.checkPrivateKey(createPrivateKey(key))) why = `${KEY_FILE} is not its key`;
  } catch {
    why = `${CERTIFICATE_FILE} or ${KEY_FILE} is damaged`;
  }
  if (why === undefined) return;
  throw new UsageError('invalid_ca', `The certificate authority in ${dir} cannot be used: ${why}.`, {
    hint: 'Remove the folder for a new one, which clients then have to trust.',
  });
}

async function selfSigned(): Promise<KeyedCertificate> {
  const keys = await newKeys();
  return sign(keys, keys.privateKey, {
    subject: SUBJECT,
    issuer: SUBJECT,
    days: AUTHORITY_DAYS,
    extensions: [
      { name: 'basicConstraints', cA: true, pathLenConstraint: 0, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
      { name: 'subjectKeyIdentifier' },
      { id: NAME_CONSTRAINTS, critical: true, value: permittedNames() },
    ],
  });
}

/** Of all certificates of this process: making keys takes a while, and these are kept nowhere. */
let serverKeys: Promise<forge.pki.rsa.KeyPair> | undefined;

async function issue({ cert, key }: KeyedCertificate, names: readonly string[]): Promise<KeyedCertificate> {
  const authority = pki.certificateFromPem(cert);
  serverKeys ??= newKeys();
  return sign(await serverKeys, pki.privateKeyFromPem(key), {
    subject: [{ shortName: 'CN', value: 'recall-emulator' }],
    issuer: authority.subject.attributes,
    days: CERTIFICATE_DAYS,
    extensions: [
      { name: 'basicConstraints', cA: false, critical: true },
      { name: 'keyUsage', digitalSignature: true, keyEncipherment: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      { name: 'subjectKeyIdentifier' },
      {
        name: 'authorityKeyIdentifier',
        keyIdentifier: authority.generateSubjectKeyIdentifier().getBytes(),
      },
      {
        name: 'subjectAltName',
        altNames: names.map((name) =>
          isIP(name) === 0 ? { type: DNS_NAME, value: name } : { type: IP_ADDRESS, ip: name },
        ),
      },
    ],
  });
}

interface Content {
  readonly subject: forge.pki.CertificateField[];
  readonly issuer: forge.pki.CertificateField[];
  readonly days: number;
  readonly extensions: readonly object[];
}

/** Valid from a day ago on: clocks differ. */
function sign(
  { publicKey, privateKey }: forge.pki.rsa.KeyPair,
  signingKey: forge.pki.PrivateKey,
  { subject, issuer, days, extensions }: Content,
): KeyedCertificate {
  const certificate = pki.createCertificate();
  certificate.publicKey = publicKey;
  // A positive number, of a fixed length.
  certificate.serialNumber = `4${randomBytes(16).toString('hex').slice(1)}`;
  const now = Date.now();
  certificate.validity.notBefore = new Date(now - DAY_MS);
  certificate.validity.notAfter = new Date(now + (days - 1) * DAY_MS);
  certificate.setSubject(subject);
  certificate.setIssuer(issuer);
  certificate.setExtensions([...extensions]);
  certificate.sign(signingKey as forge.pki.rsa.PrivateKey, md.sha256.create());
  return { cert: toLines(pki.certificateToPem(certificate)), key: toLines(pki.privateKeyToPem(privateKey)) };
}

/** The value of the extension: all DNS names below these, and no others. It says nothing of addresses. */
function permittedNames(): forge.asn1.Asn1 {
  const { Class, Type } = asn1;
  const subtrees = NAMES.map((name) =>
    asn1.create(Class.UNIVERSAL, Type.SEQUENCE, true, [
      asn1.create(Class.CONTEXT_SPECIFIC, DNS_NAME as never, false, name),
    ]),
  );
  const PERMITTED = 0 as never;
  return asn1.create(Class.UNIVERSAL, Type.SEQUENCE, true, [
    asn1.create(Class.CONTEXT_SPECIFIC, PERMITTED, true, subtrees),
  ]);
}

/** By Node, in a thread of its own: the library takes seconds for it. */
async function newKeys(): Promise<forge.pki.rsa.KeyPair> {
  const { publicKey, privateKey } = await generateKeys('rsa', {
    modulusLength: 2_048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  return { publicKey: pki.publicKeyFromPem(publicKey), privateKey: pki.privateKeyFromPem(privateKey) };
}

function toLines(pem: string): string {
  return pem.replaceAll('\r', '');
}
