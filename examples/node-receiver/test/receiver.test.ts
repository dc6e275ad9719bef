/** Without sockets: the message handler against random meetings. */
import { checkReceiver } from 'recall-emulator/testing';
import { test } from 'vitest';
import { Receiver } from '../src/receiver.ts';
import { newFolder } from './folder.ts';

test('has every property of a good receiver', { timeout: 60_000 }, async () => {
  await checkReceiver(() => new Receiver(newFolder()));
});
