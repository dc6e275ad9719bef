/** Answers on demand: what the REST API says in place of what it would. */
import { z } from 'zod';
import { OPERATION_IDS } from '../api/resources/index.ts';
import { type AnswerOnDemand, checkAnswer } from '../bot/answers.ts';
import { type ControlOperation, operation } from './operation.ts';
import type { Scope, SharedByAll } from './scope.ts';

const answerSchema = z.strictObject({
  operation: z.string(),
  status: z.int().min(400).max(599),
  times: z.int().min(1).max(1_000_000).optional(),
});

/** Those of the server come to every workspace. */
function answersIn({ workspaces }: Scope, server: SharedByAll): readonly AnswerOnDemand[] {
  return [...workspaces.map(({ answers }) => answers), server.answers].flatMap((each) => each.list());
}

export const answersOnDemand: readonly ControlOperation[] = [
  operation({
    method: 'GET',
    path: '/answers',
    summary: 'Answers on demand that are still to come',
    handle: ({ scope, server }) => ({ body: { answers: answersIn(scope, server) } }),
  }),
  operation({
    method: 'POST',
    path: '/answers',
    summary: 'Answer the next requests with an error',
    body: answerSchema,
    handle({ scope, server, body: { operation: name, status, times = 1 } }) {
      scope.answers.add(checkAnswer({ operation: name, status, remaining: times }, OPERATION_IDS));
      return { status: 201, body: { answers: answersIn(scope, server) } };
    },
  }),
  operation({
    method: 'DELETE',
    path: '/answers',
    summary: 'No more answers on demand',
    handle({ scope }) {
      scope.answers.clear();
      for (const { answers } of scope.workspaces) answers.clear();
      return { status: 204, body: undefined };
    },
  }),
];
