import { describe, expect, it } from 'vitest';
import { environmentOf, upstreamProxyOf } from '../../src/exec/environment.ts';

const PLACE = {
  url: 'http://127.0.0.1:1',
  secureUrl: 'https://127.0.0.1:2',
  caFile: '/ca.pem',
  apiKey: undefined,
  secret: 'whsec_x',
  redirect: '/a "path/redirect.cjs',
};
const BUNDLES = {
  SSL_CERT_FILE: '/a',
  REQUESTS_CA_BUNDLE: '/b',
  CURL_CA_BUNDLE: '/c',
  NODE_EXTRA_CA_CERTS: '/d',
};

describe("a command's environment", () => {
  it('has the mock in it, and all that was there', () => {
    expect(environmentOf({ HOME: '/me', RECALL_API_KEY: 'real' }, PLACE, BUNDLES)).toMatchObject({
      HOME: '/me',
      RECALL_BASE_URL: PLACE.url,
      RECALL_API_KEY: 'recall-emulator',
      RECALL_WEBHOOK_SECRET: 'whsec_x',
      RECALL_REGION: 'us-west-2',
      RECALL_EMULATOR_HOSTS:
        'us-west-2.recall.ai,us-east-1.recall.ai,eu-central-1.recall.ai,ap-northeast-1.recall.ai,api.recall.ai',
      RECALL_EMULATOR_URL: PLACE.url,
      RECALL_EMULATOR_HTTPS_URL: PLACE.secureUrl,
      RECALL_EMULATOR_CA: '/ca.pem',
      HTTPS_PROXY: PLACE.url,
      https_proxy: PLACE.url,
      NODE_OPTIONS: '--require "/a \\"path/redirect.cjs"',
      ...BUNDLES,
    });
    const given = { NODE_OPTIONS: '--trace-warnings', RECALL_REGION: 'eu-central-1' };
    expect(environmentOf(given, { ...PLACE, apiKey: 'mine' }, BUNDLES)).toMatchObject({
      NODE_OPTIONS: '--trace-warnings --require "/a \\"path/redirect.cjs"',
      RECALL_REGION: 'eu-central-1',
      RECALL_API_KEY: 'mine',
    });
  });

  it.each([
    ['', ''],
    ['intern.example,10.0.0.0/8', 'intern.example,10.0.0.0/8,'],
    ['*', ''],
    ['recall.ai a.example', 'a.example,'],
    ['.recall.ai,*.recall.ai,US-WEST-2.recall.ai:443,.ai', ''],
    ['call.ai,docs.recall.ai', 'call.ai,docs.recall.ai,'],
  ])('lets no exception of the proxies before (%j) hide Recall', (before, kept) => {
    const { NO_PROXY, no_proxy } = environmentOf({ NO_PROXY: before }, PLACE, BUNDLES);
    expect(NO_PROXY).toBe(`${kept}localhost,127.0.0.1,::1`);
    expect(no_proxy).toBe(NO_PROXY);
  });

  it('has had a proxy before, or not', () => {
    expect(upstreamProxyOf({})).toBeUndefined();
    expect(upstreamProxyOf({ HTTPS_PROXY: '' })).toBeUndefined();
    expect(upstreamProxyOf({ HTTPS_PROXY: 'http://a:1', https_proxy: 'http://b:1' })).toBe('http://b:1');
    expect(upstreamProxyOf({ HTTPS_PROXY: 'http://a:1', NO_PROXY: 'b.example' })).toBe('http://a:1');
    expect(upstreamProxyOf({ HTTPS_PROXY: 'a:1' })).toBe('http://a:1');
    expect(upstreamProxyOf({ HTTPS_PROXY: 'http://a:1', NO_PROXY: '*' })).toBeUndefined();
  });
});
