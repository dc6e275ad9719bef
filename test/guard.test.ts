/** Hosts, origins, keys and targets, as they come and as somebody would write them who wants in. */
import { describe, expect, it } from 'vitest';
import {
  apiKeyOf,
  equalSecrets,
  isLoopback,
  isOurHost,
  isOwnOrigin,
  mapTarget,
  mayDial,
} from '../src/guard.ts';

describe('hosts', () => {
  it.each([
    ['localhost', true],
    ['LOCALHOST:8787', true],
    ['127.0.0.1:8787', true],
    ['127.8.9.10', true],
    ['[::1]:8787', true],
    ['my.tunnel.example:443', true],
    ['my.tunnel.example.evil.example', false],
    ['localhost.evil.example', false],
    ['127.0.0.1.evil.example', false],
    ['', false],
    [undefined, false],
  ])('%s is ours: %s', (host, ours) => {
    expect(isOurHost(host, ['My.Tunnel.example'])).toBe(ours);
  });

  it('of this machine are all of 127/8 and no look-alike', () => {
    expect(['127.0.0.1', '127.255.0.1', '::1'].every(isLoopback)).toBe(true);
    expect(['0.0.0.0', '128.0.0.1', '127.0.0.1.nip.example'].some(isLoopback)).toBe(false);
  });
});

describe('origins', () => {
  const own = 'http://127.0.0.1:8787';
  it.each([
    [undefined, true],
    [own, true],
    ['HTTP://127.0.0.1:8787', true],
    ['http://127.0.0.1:3000', false],
    ['https://127.0.0.1:8787', false],
    ['https://my.tunnel.example:444', true],
    ['https://evil.example', false],
    ['null', false],
  ])('%s may use what only a page of the very server may: %s', (origin, may) => {
    expect(isOwnOrigin(origin, own, ['my.tunnel.example'])).toBe(may);
  });
});

describe('keys', () => {
  it.each([
    ['Token abc', 'abc'],
    ['token  abc ', 'abc'],
    ['abc', 'abc'],
    ['Bearer abc', undefined],
    ['Token', undefined],
    ['  ', undefined],
    [undefined, undefined],
  ])('%j holds %j', (header, key) => {
    expect(apiKeyOf(header)).toBe(key);
  });

  it('are compared whole', () => {
    expect(equalSecrets('abc', 'abc')).toBe(true);
    expect(equalSecrets('abc', 'abcd') || equalSecrets('', 'a') || equalSecrets('abc', 'abC')).toBe(false);
  });
});

describe('targets', () => {
  it.each([
    ['ws://receiver.example/audio', true],
    ['ws://RECEIVER.example/audio', true],
    ['ws://a.team.example/', true],
    ['ws://team.example/', false],
    ['ws://steam.example/', false],
    ['ws://127.0.0.1:4000/', true],
    ['ws://127.0.0.1:4001/', false],
    ['ws://receiver.example@evil.example/', false],
    ['nonsense', false],
  ])('%s may be dialled: %s', (url, may) => {
    expect(mayDial(url, ['receiver.example', '*.team.example', '127.0.0.1:4000'])).toBe(may);
  });

  it('are any while only this machine can ask, or when that was said', () => {
    expect(mayDial('ws://anywhere.example/', undefined)).toBe(true);
    expect(mayDial('ws://anywhere.example/', ['*'])).toBe(true);
    expect(mayDial('ws://anywhere.example/', [])).toBe(false);
  });

  it('are mapped by whole parts of a URL, and keep path and query', () => {
    const map = { 'wss://my.ngrok.app': 'ws://127.0.0.1:4000' };
    expect(mapTarget('wss://my.ngrok.app/audio/?t=1', map)).toBe('ws://127.0.0.1:4000/audio/?t=1');
    expect(mapTarget('wss://my.ngrok.app.evil.example/', map)).toBe('wss://my.ngrok.app.evil.example/');
    expect(mapTarget('wss://other.example/', map)).toBe('wss://other.example/');
  });
});
