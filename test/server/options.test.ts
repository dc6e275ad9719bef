import { describe, expect, it } from 'vitest';
import type { Session } from '../../src/emulator/session.ts';
import { startReceiver } from '../../src/receiver/receiver.ts';
import { createMock } from '../../src/server/server.ts';
import { botWith, withServer } from '../support/mock.ts';
import { good, rawReceiver } from '../support/raw-receiver.ts';

describe('options of a server', () => {
  it('refuses to listen beyond this machine without a key and named targets', async () => {
    await expect(createMock({ host: '0.0.0.0' })).rejects.toMatchObject({ code: 'api_key_needed' });
    await expect(createMock({ host: '0.0.0.0', apiKey: 'k' })).rejects.toMatchObject({
      code: 'allow_target_needed',
    });
    await expect(createMock({ faults: ['no_such_fault'] })).rejects.toMatchObject({ code: 'invalid_fault' });
  });

  it('has faults that strike every recording, and shows the session of each', async () => {
    const receiver = await startReceiver();
    const sessions: Session[] = [];
    const options = {
      faults: ['duplicated,rate=100%'],
      onSession: (session: Session) => sessions.push(session),
    };
    await withServer(options, async (client) => {
      for (const _ of [1, 2]) await client.until(await client.bot(botWith(receiver.url)), 'done');
    });
    await receiver.close();
    expect(sessions.map(({ ledger }) => ledger.totals().injected)).toEqual([20, 20]);
  });

  it('tells what is in doubt after a reset at a receiver that does not answer a ping', async () => {
    await using receiver = await rawReceiver(good);
    await withServer({ faults: ['reset@1s'], closeTimeoutSeconds: 0.2 }, async ({ bot, until, server }) => {
      await until(await bot(botWith(receiver.url)), 'done');
      const { sent, inDoubt, ok } = server.stats();
      expect(ok).toBe(true);
      expect(inDoubt).toBe(10);
      expect(sent).toBeGreaterThanOrEqual(inDoubt);
    });
  });
});
