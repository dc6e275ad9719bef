/** Without sockets: the message handler against random meetings. */
import { checkReceiver } from 'recall-emulator/testing';
import { test } from 'vitest';
import { Receiver } from '../src/receiver.ts';

test('has every property of a good receiver', async () => {
  await checkReceiver(() => new Receiver());
});
