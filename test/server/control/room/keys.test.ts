import { describe, expect, it } from 'vitest';
import { RoomKeys, visitCookie, visitOf } from '../../../../src/server/control/room/keys.ts';

describe('the keys of the room', () => {
  it('let in once with a token, and again with what came of it', () => {
    const keys = new RoomKeys();
    const token = keys.token();
    const visit = keys.enter(token);
    expect(keys.knows(visit)).toBe(true);
    expect(keys.enter(token)).toBeUndefined();
    expect(keys.knows(token)).toBe(false);
    expect(keys.knows(undefined)).toBe(false);
    expect(keys.enter('')).toBeUndefined();
  });

  it('keep so many of them', () => {
    const keys = new RoomKeys();
    const first = keys.token();
    for (let count = 0; count < 16; count++) keys.token();
    expect(keys.enter(first)).toBeUndefined();
  });

  it('are in a cookie for each port', () => {
    const cookie = visitCookie('abc', '127.0.0.1:8787', false);
    expect(cookie).toBe('recall_emulator_room_8787=abc; Path=/; HttpOnly; SameSite=Strict');
    expect(visitCookie('abc', 'mock.example.com', true)).toMatch(/^recall_emulator_room_0=abc;.*; Secure$/);
    expect(visitOf('x=1; recall_emulator_room_8787=abc', '127.0.0.1:8787')).toBe('abc');
    expect(visitOf('recall_emulator_room_8787=abc', '127.0.0.1:8788')).toBeUndefined();
    expect(visitOf(undefined, '127.0.0.1:8787')).toBeUndefined();
  });
});
