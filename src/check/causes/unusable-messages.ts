import { enumerated } from '../../words.ts';
import type { KeptCause } from '../cause.ts';

/** What comes there, as the end of a sentence. */
const MESSAGES: Readonly<Record<string, string>> = {
  'robust.not_json': 'a message that is not JSON',
  'robust.missing_fields': 'a message without a field that it reads',
  'robust.wrong_types': 'a field of another type',
  'robust.bad_base64': 'a buffer that is not base64',
  'robust.odd_bytes': 'a buffer that ends within a sample',
  'robust.binary': 'a binary message',
  'robust.large': 'a message of 5 MB',
};

/** An exception in the handler of messages, and nobody who catches it. */
export const unusableMessages: KeptCause = {
  code: 'unusable_messages',
  title: 'Does not get over messages that it cannot use',
  shows: 'One message that cannot be used ends its process or its connection, or spoils the audio around it.',
  remedy: '',
  look(results) {
    const explains = results.wrong.filter(({ id }) => id in MESSAGES);
    const certainty = explains[0] && results.certaintyOf(explains[0]);
    if (certainty === undefined) return undefined;
    const messages = [...new Set(explains.map(({ id }) => MESSAGES[id]!))];
    return { certainty, text: `The receiver does not get over ${enumerated(messages)}`, explains };
  },
};
