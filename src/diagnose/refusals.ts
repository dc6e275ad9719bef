/** Dials that failed, by how. */
import type { FailureCode } from '../emulator/failure.ts';
import type { ConnectionEvidence, Evidence } from './evidence.ts';
import { at } from './words.ts';

export interface Refusals {
  readonly connections: readonly ConnectionEvidence[];
  /** HTTP statuses of the answers, in the order of dialling. */
  readonly statuses: readonly number[];
  /** One for each connection. */
  readonly facts: readonly string[];
  /** What the failures say, each once. */
  readonly texts: readonly string[];
}

/** Connections of which some dial failed like this. */
export function refusedWith(
  { connections }: Evidence,
  like: (code: FailureCode, status: number | undefined) => boolean,
): Refusals {
  const found = connections.flatMap((connection) => {
    const dials = connection.dials.filter(
      ({ failure }) => failure !== null && like(failure.code, failure.facts?.status),
    );
    return dials.length === 0 ? [] : [{ connection, dials }];
  });
  const failures = found.flatMap(({ dials }) => dials.map(({ failure }) => failure!));
  return {
    connections: found.map(({ connection }) => connection),
    statuses: failures.flatMap(({ facts }) => facts?.status ?? []),
    facts: found.map(
      ({ connection, dials }) =>
        `connection #${connection.number}, ${dials.length === 1 ? 'dialled once' : `${dials.length} dials`}, first at ${at(dials[0]!.startedSeconds)}: ${dials[0]!.failure!.text}`,
    ),
    texts: [...new Set(failures.map(({ text }) => text))],
  };
}

/** Whether every dial has failed like this, and there was one. */
export function allRefusedWith(
  evidence: Evidence,
  like: (code: FailureCode, status: number | undefined) => boolean,
): Refusals | undefined {
  const dials = evidence.connections.flatMap((connection) => connection.dials);
  const settled = dials.filter(({ failure }) => failure !== null && failure.code !== 'interrupted');
  if (settled.length === 0 || evidence.connections.some(({ openedSeconds }) => openedSeconds !== null))
    return undefined;
  if (settled.some(({ failure }) => !like(failure!.code, failure!.facts?.status))) return undefined;
  return refusedWith(evidence, like);
}
