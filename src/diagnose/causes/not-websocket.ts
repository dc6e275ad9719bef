import type { Cause } from '../cause.ts';
import { asTheySay, refusedWith } from '../refusals.ts';

/** Something else listens there: another protocol, TLS, or a WebSocket handshake that is none. */
export const notWebSocket: Cause = {
  code: 'not_websocket',
  title: 'Does not speak WebSocket on this port',
  shows: 'The answer to the upgrade is no HTTP, is a TLS alert, or is a 101 that does not fit the request.',
  remedy:
    'Check the port, and ws:// against wss://. A handshake of your own making must answer with the accept key of RFC 6455 §4.2.2 and no extension that was not asked for: a library does it.',
  look(evidence, problems) {
    const refused = refusedWith(evidence, (code) => code === 'not_websocket');
    return refused.connections.length === 0 ? undefined : asTheySay(refused, problems);
  },
};
