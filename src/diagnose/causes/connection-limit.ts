import type { Cause } from '../cause.ts';
import { limitOf } from './one-connection.ts';

/** A receiver, or a proxy before it, with a limit on connections. */
export const connectionLimit: Cause = {
  code: 'connection_limit',
  title: 'Takes so many connections at a time and no more',
  shows: 'Dials are turned away exactly while a certain number of connections (two or more) is open.',
  remedy:
    'Raise the limit of the receiver or of the proxy before it: a Zoom call may have 16 unmuted participants at a time, and each is a connection.',
  look: (evidence, problems) => limitOf(evidence, problems, false),
};
