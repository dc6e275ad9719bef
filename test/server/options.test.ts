import { describe, expect, it } from 'vitest';
import type { Session } from '../../src/emulator/session.ts';
import { startReceiver } from '../../src/receiver/receiver.ts';
import { createMock } from '../../src/server/server.ts';
import { botWith, withServer } from '../support/mock.ts';

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
});
