/** What is known of a request on its way through the server. */
import type { Context } from 'hono';
import type { KeyedWorkspace } from './workspaces.ts';

export interface RequestEnv {
  readonly Variables: {
    /** Once its key has been read. Of a request to the control API without a key it is undefined. */
    keyed: KeyedWorkspace | undefined;
    /** Its id, where it is one of the API. */
    operation: string | undefined;
  };
}

export type RequestContext = Context<RequestEnv>;
