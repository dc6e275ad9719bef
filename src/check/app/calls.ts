/** What an app asks of Recall's API: each request by the name of its operation, at its time of the meeting. */
import { plainText } from '../../plain-text.ts';
import { OPERATIONS } from '../../server/api/resources/index.ts';

/** One request of the app's. */
export interface AppCall {
  /** Of the operation: `leave_call`; the method and the path for what is none. Safe to print. */
  readonly name: string;
  readonly status: number;
  /** On the meeting's clock. */
  readonly atSeconds: number;
}

/** A request that was refused changes nothing, and explains nothing. */
export function tookEffect({ status }: AppCall): boolean {
  return status < 400;
}

/** Whether the bot has left because of it. */
export function isLeave(call: AppCall): boolean {
  return call.name === 'leave_call' && tookEffect(call);
}

/** Each operation's method and path, as an expression. */
const ROUTES = OPERATIONS.map(({ id, method, path }) => ({
  id,
  method,
  pattern: new RegExp(`^${path.replace(/\/$/, '').replaceAll(/\{\w+\}/g, '[^/]+')}/?$`),
}));

export function nameOfCall(method: string, path: string): string {
  const route = ROUTES.find((each) => each.method === method && each.pattern.test(path));
  return route?.id ?? plainText(`${method} ${path}`, 100);
}
