import { describe, expect, it } from 'vitest';
import '../../src/vitest/matchers.ts';
import { withServer } from '../support/mock.ts';

describe('toHaveReceived', () => {
  it('is for what an app has asked of a server, as often as expected', async () => {
    await withServer({}, async ({ server, bot }) => {
      await bot({ bot_name: 'Notes', metadata: { team: 'a' } });
      expect(server).toHaveReceived({ operation: 'create_bot', body: { metadata: { team: 'a' } } });
      expect(server).toHaveReceived({ body: { bot_name: expect.stringMatching(/^No/) } }, { count: 1 });
      expect(server).toHaveReceived({ method: 'POST' }, { apiKey: 'test' });
      expect(server).not.toHaveReceived({ method: 'POST' }, { apiKey: 'other' });
      expect(server).not.toHaveReceived({ operation: 'leave_call' });
    });
  });

  it('says what came closest', async () => {
    await withServer({}, async ({ server, bot }) => {
      await bot({ bot_name: 'Notes' });
      const failing = () =>
        expect(server).toHaveReceived({ operation: 'create_bot', body: { bot_name: expect.any(Number) } });
      expect(failing).toThrow(
        /got 0 \(of 1\)\.\n {2}closest: POST \/api\/v1\/bot\/ \(number 1, answered 201\)/,
      );
      expect(failing).toThrow(/- body\.bot_name: expected Any<Number>, got "Notes"/);
      expect(() => expect(server).not.toHaveReceived({ operation: 'create_bot' })).toThrow(
        /Expected no such request, got 1: numbers 1\./,
      );
      expect(() => expect({}).toHaveReceived({})).toThrow(/startServer/);
    });
  });
});
