import type { Case } from '../case.ts';
import { intruder, letIn, meetingBy } from '../credentials.ts';
import { wrongTokenUrl } from '../token.ts';

export const authWrongToken: Case = {
  id: 'auth.wrong_token',
  title: 'the token in the URL is another one',
  expects: 'It is refused, and the right one is let in.',
  why: 'The URL of an endpoint is all that a receiver without signatures has to know who is calling.',
  source:
    'Recall, "Real-Time Websocket Endpoints", 2025-06: the exact URL is dialled, and tokens ride in its query',
  remedy:
    'Compare the whole token with the one that you gave out, before the upgrade is accepted. Answer 401 or 403 to all others.',
  connections: 'any',
  needsToken: true,
  looksAt: 'wire',
  tier: 'default',
  rounds: () => [[intruder({ url: (url) => wrongTokenUrl(url) ?? url })], [meetingBy()]],
  look: letIn('a wrong token'),
};
