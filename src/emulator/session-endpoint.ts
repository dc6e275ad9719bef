/** Makes an endpoint of a session: what it needs of the session's options, and of what the session has. */
import type { Connection } from './connection.ts';
import type { ConnectionContext } from './connection-options.ts';
import { Endpoint, type EndpointOptions } from './endpoint.ts';
import type { SessionOptions } from './session-options.ts';

/** What all endpoints of a session share. */
export interface EndpointContext
  extends Pick<ConnectionContext, 'pacer' | 'ledger' | 'originMs' | 'tap' | 'onChange' | 'onLog'> {
  /** A connection has been made; it is about to be dialled. */
  onConnection(connection: Connection): void;
}

/** `endpointIndex` is the endpoint's place among `session.endpoints`. */
export function sessionEndpoint(
  session: SessionOptions,
  endpoint: EndpointOptions,
  endpointIndex: number,
  { onConnection, ...context }: EndpointContext,
): Endpoint {
  const { pacer, timeline, mode, connection, nowSeconds, onEndpointStatus, refusal } = session;
  return new Endpoint(
    endpoint,
    mode,
    connection,
    {
      ...context,
      clock: pacer.clock,
      endpointIndex,
      seed: timeline.seed,
      ...(refusal && { refusal: () => refusal(endpointIndex) }),
    },
    nowSeconds,
    (status) => onEndpointStatus?.(endpointIndex, status),
    onConnection,
  );
}
