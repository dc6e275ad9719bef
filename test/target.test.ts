import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { UsageError } from '../src/errors.ts';
import { checkHeaders, parseTarget, readTarget, redactTarget, slashWarning } from '../src/target.ts';

describe('a URL that is dialled', () => {
  it.each([
    ['ws://127.0.0.1:4000/audio/?token=a%2Fb&x=1', 'ws://127.0.0.1:4000/audio/?token=a%2Fb&x=1'],
    ['wss://host.example', 'wss://host.example/'],
    ['WSS://Host.Example/Path', 'wss://host.example/Path'],
    [' ws://127.0.0.1:4000/ ', 'ws://127.0.0.1:4000/'],
    ['ws://user:p%40ss@127.0.0.1/', 'ws://user:p%40ss@127.0.0.1/'],
    ['ws://[::1]:4000/', 'ws://[::1]:4000/'],
    ['ws://127.0.0.1:80/', 'ws://127.0.0.1/'],
  ])('%j is read as %j, and ws takes it', (text, url) => {
    expect(parseTarget(text, 'websocket')).toEqual({ ok: true, url });
    expect(readTarget(text, 'websocket')).toBe(url);
    const webSocket = new WebSocket(url);
    webSocket.on('error', () => {});
    webSocket.terminate();
  });

  it.each([
    ['', 'is not a URL', 'ws://127.0.0.1:4000/audio/'],
    ['localhost', 'is not a URL', 'ws://127.0.0.1:4000/audio/'],
    ['localhost:4000', '"localhost://" does not begin a WebSocket URL', 'Use ws:// or wss://'],
    ['ws://', 'is not a URL', 'ws://'],
    ['ws://host:99999/', 'is not a URL', 'ws://'],
    ['http://127.0.0.1/', '"http://" does not begin a WebSocket URL', 'Use ws:// or wss://'],
    ['ws://127.0.0.1/#x', 'has a fragment (#x), which is never sent', 'Leave it out'],
    ['ws://u%ff@127.0.0.1/', 'has a % that is no escape', '%25'],
    ['ws://%zz@127.0.0.1/', 'has a % that is no escape', '%25'],
    ['ws://u:%e0%a4@127.0.0.1/', 'has a % that is no escape', '%25'],
    ['\u001b[2Jnonsense', '"\\u001b[2Jnonsense" is not a URL', 'ws://'],
  ])('%j is refused, with what to do', (text, message, hint) => {
    const result = parseTarget(text, 'websocket');
    expect(result).toMatchObject({
      ok: false,
      problem: {
        code: 'invalid_url',
        message: expect.stringContaining(message),
        hint: expect.stringContaining(hint),
      },
    });
    expect(() => readTarget(text, 'websocket')).toThrow(UsageError);
    expect(() => readTarget(text, 'websocket')).toThrow(expect.objectContaining({ code: 'invalid_url' }));
  });

  it.each([
    ['HTTPS://Example.com/hooks', 'https://example.com/hooks'],
    ['http://127.0.0.1:4000/hooks?x', 'http://127.0.0.1:4000/hooks?x'],
  ])('of a webhook: %j is read as %j', (text, url) => {
    expect(readTarget(text, 'webhook')).toBe(url);
  });

  it.each(['ws://127.0.0.1/', 'ftp://x/', 'file:///etc/passwd', 'javascript:alert(1)', 'http://%zz@x/'])(
    'of a webhook: %j is refused',
    (text) => {
      const result = parseTarget(text, 'webhook');
      expect(result.ok).toBe(false);
      if (!result.ok && !text.startsWith('http'))
        expect(result.problem.hint).toContain('Use http:// or https://');
    },
  );

  it.each([
    ['http://127.0.0.1:4000/x?token=secret', 'websocket', 'such as ws://127.0.0.1:4000/x.'],
    ['https://host.example/x', 'websocket', 'such as wss://host.example/x.'],
    ['ws://127.0.0.1:4000/x', 'webhook', 'such as http://127.0.0.1:4000/x.'],
    ['wss://host.example/x', 'webhook', 'such as https://host.example/x.'],
    ['ftp://host.example/x', 'websocket', 'such as ws://127.0.0.1:4000/audio/.'],
    ['ftp://host.example/x', 'webhook', 'such as http://127.0.0.1:4000/webhooks.'],
  ] as const)('of another kind is answered with the same place: %j as a %s', (text, kind, hint) => {
    const result = parseTarget(text, kind);
    expect(result).toMatchObject({ ok: false, problem: { hint: expect.stringContaining(hint) } });
    expect(() => readTarget(text, kind)).toThrow(
      expect.objectContaining({ hint: expect.stringContaining(hint) }),
    );
    expect(JSON.stringify(result)).not.toContain('secret');
  });

  it('that passes is one that ws takes, whatever it was made of', () => {
    const part = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 8 }),
      fc.constantFrom('%', '#', '@', ':', '/', '?', ' ', '\n'),
    );
    fc.assert(
      fc.property(
        fc.constantFrom('ws://', 'wss://', 'WS://', ' ws://', 'ws:', ''),
        fc.array(part, { maxLength: 6 }),
        (scheme, parts) => {
          const result = parseTarget(`${scheme}127.0.0.1${parts.join('')}`, 'websocket');
          if (!result.ok) return;
          expect(result.url).toMatch(/^wss?:\/\//);
          const webSocket = new WebSocket(result.url);
          webSocket.on('error', () => {});
          webSocket.terminate();
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('a URL that is shown', () => {
  it.each([
    ['ws://127.0.0.1/?token=secret&x=1', 'ws://127.0.0.1/?token=***&x=***'],
    ['ws://127.0.0.1/?token=secret&token=other', 'ws://127.0.0.1/?token=***'],
    ['ws://127.0.0.1/?secret&x', 'ws://127.0.0.1/?***'],
    ['ws://127.0.0.1/?a%3D=secret', 'ws://127.0.0.1/?a%3D=***'],
    ['ws://user:pass@127.0.0.1/a', 'ws://***:***@127.0.0.1/a'],
    ['ws://user@127.0.0.1/', 'ws://***@127.0.0.1/'],
    ['ws://:pass@127.0.0.1/', 'ws://:***@127.0.0.1/'],
    ['ws://127.0.0.1/a/', 'ws://127.0.0.1/a/'],
    ['no url \u001b', 'no url \\u001b'],
  ])('%j is %j', (text, shown) => {
    expect(redactTarget(text)).toBe(shown);
  });
});

describe('the slash in front of the query', () => {
  it.each(['ws://127.0.0.1/audio?token=x', 'wss://host.example/a/b?x'])('is missed in %j', (url) => {
    expect(slashWarning(url)).toContain(`write ${new URL(url).pathname}/?…`);
  });

  it.each(['ws://127.0.0.1/audio/?token=x', 'ws://127.0.0.1?token=x', 'ws://127.0.0.1/audio', 'nonsense'])(
    'is not missed in %j',
    (url) => {
      expect(slashWarning(url)).toBeUndefined();
    },
  );
});

describe('headers', () => {
  it('that HTTP can carry are let through', () => {
    expect(() => checkHeaders({ 'X-Team': 'red', Authorization: 'Token äöü' })).not.toThrow();
  });

  it('that cannot be sent are named, with what can', () => {
    expect(() => checkHeaders({ 'X Team': 'red' })).toThrow(
      expect.objectContaining({
        message: 'The header "X Team" cannot be sent.',
        hint: expect.stringContaining('no line breaks'),
      }),
    );
  });

  it.each<[string, string]>([
    ['X-Team', 'red\r\nX-Evil: yes'],
    ['X-Team', 'red\nblue'],
    ['X-Team', '日本'],
    ['X Team', 'red'],
    ['', 'red'],
    ['X-Team\r\nX-Evil', 'red'],
  ])('%j: %j is refused', (name, value) => {
    expect(() => checkHeaders({ [name]: value })).toThrow(
      expect.objectContaining({ code: 'invalid_header', message: expect.not.stringMatching(/[\r\n]/) }),
    );
  });
});
