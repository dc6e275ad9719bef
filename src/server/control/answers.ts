/** Answers on demand: what the REST API says in place of what it would. */
import { z } from 'zod';
import { OPERATION_IDS } from '../api/resources/index.ts';
import { checkAnswer } from '../bot/answers.ts';
import { type ControlOperation, operation } from './operation.ts';

const answerSchema = z.strictObject({
  operation: z.string(),
  status: z.int().min(400).max(599),
  times: z.int().min(1).max(1_000_000).optional(),
});

export const answersOnDemand: readonly ControlOperation[] = [
  operation({
    method: 'GET',
    path: '/answers',
    summary: 'Answers on demand that are still to come',
    handle: ({ answers }) => ({ body: { answers: answers.list() } }),
  }),
  operation({
    method: 'POST',
    path: '/answers',
    summary: 'Answer the next requests with an error',
    body: answerSchema,
    handle({ answers, body: { operation: name, status, times = 1 } }) {
      answers.add(checkAnswer({ operation: name, status, remaining: times }, OPERATION_IDS));
      return { status: 201, body: { answers: answers.list() } };
    },
  }),
  operation({
    method: 'DELETE',
    path: '/answers',
    summary: 'No more answers on demand',
    handle({ answers }) {
      answers.clear();
      return { status: 204, body: undefined };
    },
  }),
];
