import { describe, expect, it } from 'vitest';
import { virtualClock } from '../../src/emulator/clock.ts';
import {
  checkPace,
  checkSendOptions,
  clockOf,
  DEFAULTS,
  type SendOptions,
  sendSettings,
  type TargetOptions,
} from '../../src/emulator/options.ts';

describe('the options of sending', () => {
  it('retries as Recall documents it, and waits as behaviour.md says, when nothing is asked for', () => {
    expect(sendSettings({})).toEqual({
      absoluteFormat: 'micros-offset',
      mode: 'per-participant',
      frameMs: [100],
      connection: {
        insecure: false,
        tolerateInvalidFrames: false,
        handshakeTimeoutMs: 10_000,
        closeTimeoutMs: 5_000,
        stallTimeoutMs: 30_000,
        retryAttempts: 30,
        retryIntervalMs: 3_000,
        maxBacklogBytes: 1_048_576,
        bufferDisconnectedMs: 0,
        connectGraceMs: 1_000,
        reconnectEveryMs: undefined,
        reconnectGapMs: 1_000,
        lateCloseMs: 0,
      },
    });
  });

  it('takes every option as it is, seconds as milliseconds', () => {
    const options = {
      connections: 'per-endpoint',
      frameMs: 20,
      absoluteFormat: 'z-millis',
      insecure: true,
      tolerateInvalidFrames: true,
      retryAttempts: 0,
      retryIntervalSeconds: 0,
      maxBacklogBytes: 1,
      bufferDisconnectedSeconds: 2,
      connectGraceSeconds: 0,
      reconnectEverySeconds: 480,
      reconnectGapSeconds: 0.25,
      lateCloseSeconds: 4,
      handshakeTimeoutSeconds: 5,
      closeTimeoutSeconds: 6,
      stallTimeoutSeconds: 7,
    } as const satisfies SendOptions;
    expect(() => checkSendOptions(options)).not.toThrow();
    expect(sendSettings(options)).toEqual({
      absoluteFormat: 'z-millis',
      mode: 'per-endpoint',
      frameMs: [20],
      connection: {
        insecure: true,
        tolerateInvalidFrames: true,
        handshakeTimeoutMs: 5_000,
        closeTimeoutMs: 6_000,
        stallTimeoutMs: 7_000,
        retryAttempts: 0,
        retryIntervalMs: 0,
        maxBacklogBytes: 1,
        bufferDisconnectedMs: 2_000,
        connectGraceMs: 0,
        reconnectEveryMs: 480_000,
        reconnectGapMs: 250,
        lateCloseMs: 4_000,
      },
    });
  });

  it.each<[TargetOptions, string, string]>([
    [{ retryAttempts: -1 }, 'invalid_option', '`retryAttempts` is -1.'],
    [{ retryAttempts: 1.5 }, 'invalid_option', '`retryAttempts` is 1.5.'],
    [{ retryIntervalSeconds: Number.NaN }, 'invalid_option', '`retryIntervalSeconds` is NaN.'],
    [{ maxBacklogBytes: 2 ** 31 }, 'invalid_option', '`maxBacklogBytes` is 2147483648.'],
    [{ reconnectEverySeconds: 0 }, 'invalid_option', '`reconnectEverySeconds` is 0.'],
    [{ handshakeTimeoutSeconds: 0 }, 'invalid_option', '`handshakeTimeoutSeconds` is 0.'],
    [{ lateCloseSeconds: 86_401 }, 'invalid_option', '`lateCloseSeconds` is 86401.'],
    [{ frameMs: [] }, 'invalid_frame_ms', 'No frame size'],
    [{ frameMs: [100, 5] }, 'invalid_frame_ms', '5 ms'],
    [{ headers: { 'a b': 'c' } }, 'invalid_header', 'a b'],
    [{ secret: 'whsec_' }, 'invalid_secret', 'secret'],
  ])('refuses %j', (options, code, message) => {
    expect(() => checkSendOptions(options)).toThrow(
      expect.objectContaining({ name: 'UsageError', code, message: expect.stringContaining(message) }),
    );
  });

  it('says from where to where a number goes, with its unit', () => {
    expect(() => checkSendOptions({ retryIntervalSeconds: -1 })).toThrow(
      expect.objectContaining({ hint: 'It goes from 0 to 86400 s.' }),
    );
  });

  it('passes its own defaults', () => {
    expect(() => checkSendOptions(DEFAULTS)).not.toThrow();
    expect(() => checkPace(DEFAULTS)).not.toThrow();
  });
});

describe('the pace', () => {
  it('is a clock: real, virtual, or the one that is given', () => {
    const clock = virtualClock();
    expect(clockOf({}).virtual).toBe(false);
    expect(clockOf({ speed: 'max' }).virtual).toBe(true);
    expect(clockOf({ speed: 4, clock })).toBe(clock);
  });

  it.each([0, -1, Number.NaN, 1_001])('refuses a speed of %d', (speed) => {
    expect(() => clockOf({ speed })).toThrow(expect.objectContaining({ code: 'invalid_speed' }));
  });
});
