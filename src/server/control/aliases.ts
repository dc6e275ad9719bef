/** The names that parts of the control API had in an earlier version. They still work, and are documented as deprecated. */
import type { ControlAnswer, ControlOperation } from './operation.ts';

/** First part of the path, and key of the lists in answers. */
const OLD_NAMES: Readonly<Record<string, string>> = { bots: 'sessions', answers: 'faults' };

/** The operations, and those of them that had another name once more under that. */
export function withAliases(operations: readonly ControlOperation[]): readonly ControlOperation[] {
  return [...operations, ...operations.flatMap(aliasesOf)];
}

function aliasesOf(operation: ControlOperation): ControlOperation[] {
  const [, name = '', ...rest] = operation.path.split('/');
  const old = OLD_NAMES[name];
  if (old === undefined) return [];
  return [
    {
      ...operation,
      path: ['', old, ...rest].join('/'),
      summary: `The old name of ${operation.method} ${operation.path}`,
      deprecated: true,
      async handle(request) {
        const answer = await operation.handle(request);
        return answer instanceof Response ? answer : { ...answer, body: renamed(answer.body, name, old) };
      },
    },
  ];
}

function renamed(body: ControlAnswer['body'], name: string, old: string): ControlAnswer['body'] {
  if (body === undefined || !Object.hasOwn(body, name)) return body;
  const { [name]: value, ...rest } = body;
  return { [old]: value, ...rest };
}
