/** Dials that failed, by how. */
import type { Failure, FailureCode } from '../emulator/failure.ts';
import type { Finding } from './cause.ts';
import type { ConnectionEvidence, Evidence } from './evidence.ts';
import { type Problem, problemsOn } from './problems.ts';
import { refusalFact, sentence } from './words.ts';

export interface Refusals {
  readonly connections: readonly ConnectionEvidence[];
  /** HTTP statuses of the answers, in the order of dialling. */
  readonly statuses: readonly number[];
  /** One for each text. */
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
  const connectionsFound = found.map(({ connection }) => connection);
  return {
    connections: connectionsFound,
    statuses: failures.flatMap(({ facts }) => facts?.status ?? []),
    facts: refusalFacts(connectionsFound, (failure) => like(failure.code, failure.facts?.status)),
    texts: [...new Set(failures.map(({ text }) => text))],
  };
}

/** Failed dials as facts: connections that failed the same way are told together. */
export function refusalFacts(
  connections: readonly ConnectionEvidence[],
  matters: (failure: Failure) => boolean,
): string[] {
  const byText = new Map<
    string,
    { connections: ConnectionEvidence[]; dials: number; firstSeconds: number }
  >();
  for (const connection of connections) {
    for (const { failure, startedSeconds } of connection.dials) {
      if (failure === null || !matters(failure)) continue;
      const known = byText.get(failure.text);
      if (known === undefined) {
        byText.set(failure.text, { connections: [connection], dials: 1, firstSeconds: startedSeconds });
        continue;
      }
      known.dials++;
      if (known.connections.at(-1) !== connection) known.connections.push(connection);
    }
  }
  return [...byText].map(([text, { connections, dials, firstSeconds }]) =>
    refusalFact(connections, dials, firstSeconds, text),
  );
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

/** What is certain, because the failures themselves say it: in the words of the first. */
export function asTheySay({ connections, texts, facts }: Refusals, problems: readonly Problem[]): Finding {
  return {
    certainty: 'certain',
    text: sentence(texts[0]!),
    evidence: [...facts],
    explains: problemsOn(problems, connections, 'refused'),
  };
}
