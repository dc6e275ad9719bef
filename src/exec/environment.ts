/** The environment of a command whose calls to Recall come to the mock, whatever it is written in. Pure. */
import { isRecallHost, RECALL_HOSTS } from '../protocol/regions.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** What the command is told of the mock. */
export interface MockPlace {
  /** `http://127.0.0.1:41234`: the API, and a proxy. */
  readonly url: string;
  /** The same with TLS, also for Recall's hosts. */
  readonly secureUrl: string;
  /** Of our authority's certificate. */
  readonly caFile: string;
  /** The only key that is accepted; any when undefined. */
  readonly apiKey: string | undefined;
  /** Of webhooks and upgrades. */
  readonly secret: string;
  /** The file of `recall-emulator/redirect`. */
  readonly redirect: string;
}

/**
 * Variables that name the certificates to trust **instead** of those of the system: they get a file that has both. `NODE_EXTRA_CA_CERTS`
 * is beside them: it adds.
 */
export const BUNDLE_VARIABLES = ['SSL_CERT_FILE', 'REQUESTS_CA_BUNDLE', 'CURL_CA_BUNDLE'] as const;
export const EXTRA_VARIABLE = 'NODE_EXTRA_CA_CERTS';
export type TrustVariable = (typeof BUNDLE_VARIABLES)[number] | typeof EXTRA_VARIABLE;

/** Which proxy everything else goes through so far, as a URL; as everywhere, names in lower case come first. */
export function upstreamProxyOf(environment: Environment): string | undefined {
  const everything = entriesOf(noProxyOf(environment)).includes('*');
  const proxy = filled(environment.https_proxy) ?? filled(environment.HTTPS_PROXY);
  if (everything || proxy === undefined) return undefined;
  return proxy.includes('://') ? proxy : `http://${proxy}`;
}

/** `bundles`: a file for each variable, with what it named before and our authority. */
export function environmentOf(
  environment: Environment,
  place: MockPlace,
  bundles: Readonly<Record<TrustVariable, string>>,
): Record<string, string | undefined> {
  const { url, secureUrl, caFile, apiKey, secret, redirect } = place;
  const noProxy = withoutRecall(noProxyOf(environment));
  const options = filled(environment.NODE_OPTIONS);
  return {
    ...environment,
    RECALL_BASE_URL: url,
    RECALL_API_BASE_URL: url,
    RECALL_API_KEY: apiKey ?? 'recall-emulator',
    RECALL_WEBHOOK_SECRET: secret,
    RECALL_REGION: filled(environment.RECALL_REGION) ?? 'us-west-2',
    RECALL_EMULATOR_HOSTS: RECALL_HOSTS.join(','),
    RECALL_EMULATOR_URL: url,
    RECALL_EMULATOR_HTTPS_URL: secureUrl,
    RECALL_EMULATOR_CA: caFile,
    HTTPS_PROXY: url,
    https_proxy: url,
    NO_PROXY: noProxy,
    no_proxy: noProxy,
    ...bundles,
    NODE_OPTIONS: `${options === undefined ? '' : `${options} `}--require ${quoted(redirect)}`,
  };
}

/** As Node reads the words of `NODE_OPTIONS`. */
function quoted(path: string): string {
  return `"${path.replaceAll(/["\\]/g, '\\$&')}"`;
}

function noProxyOf({ no_proxy, NO_PROXY }: Environment): string {
  return filled(no_proxy) ?? filled(NO_PROXY) ?? '';
}

/** This machine is called without a proxy, as before; Recall's hosts are not, whatever was said of them. */
function withoutRecall(noProxy: string): string {
  const kept = entriesOf(noProxy).filter((entry) => entry !== '*' && !namesRecall(entry));
  return [...new Set([...kept, 'localhost', '127.0.0.1', '::1'])].join(',');
}

/** `recall.ai`, `.recall.ai` and `*.recall.ai` name its hosts, too, and so does `.ai`. */
function namesRecall(entry: string): boolean {
  const name = entry.replace(/:\d+$/, '').replace(/^\*?\./, '');
  return isRecallHost(name) || RECALL_HOSTS.some((host) => host.endsWith(`.${name.toLowerCase()}`));
}

function entriesOf(noProxy: string): string[] {
  return noProxy
    .split(/[\s,]+/)
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
}

function filled(text: string | undefined): string | undefined {
  return text === undefined || text.trim() === '' ? undefined : text;
}
