/** Flags of `trigger`. */
import { toggle, valued } from '../flag.ts';
import * as read from '../readers.ts';

export const TRIGGER_FLAGS = {
  override: valued(
    'overrides',
    '--override <path=value>',
    'another value of one field, such as data.data.sub_code=bot_kicked_from_call; JSON, or text; may be repeated',
    read.override,
  ),
  badSignature: toggle('badSignature', '--bad-signature', 'sign with another secret'),
  stale: toggle('stale', '--stale', 'sign with a time ten minutes ago'),
  duplicate: toggle('duplicate', '--duplicate', 'send it twice under one id'),
  print: toggle(undefined, '--print', 'print the message, and send nothing'),
} as const;
