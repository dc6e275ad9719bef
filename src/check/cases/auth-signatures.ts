import type { Case } from '../case.ts';
import { intruder, letIn, meetingBy, SIGNED, signature } from '../credentials.ts';
import type { CaseSetting } from '../seen.ts';

const REFUSE =
  'Verify the signature of every upgrade before it is accepted, with a library for Standard Webhooks: over the raw headers, with an empty body. Answer 401 to all others.';

export const authSigned: Case = {
  ...SIGNED,
  id: 'auth.signed',
  title: 'upgrades are signed: by the secret, and by two while one replaces the other',
  expects: 'They are let in, and the audio is kept.',
  why: 'Every request of Recall is signed once the workspace has a secret. The header may have several signatures, and one that is right is enough.',
  remedy:
    'The key is the base64 behind `whsec_`, decoded; the body of an upgrade is empty. Split `Webhook-Signature` at spaces, and let in whoever has one that matches.',
  rounds: ({ secret }) => [
    [meetingBy()],
    [meetingBy({ secret: undefined, headers: () => withAnother(signature(secret!)) })],
  ],
};

export const authUnsigned: Case = {
  ...SIGNED,
  id: 'auth.unsigned',
  title: 'an upgrade without a signature',
  expects: 'It is refused, and a signed one is let in.',
  why: 'Whoever finds the URL can send audio and names of their own making.',
  remedy: REFUSE,
  rounds: () => [[intruder({ secret: undefined })], [meetingBy()]],
  look: letIn('an upgrade without a signature'),
};

export const authWronglySigned: Case = {
  ...SIGNED,
  id: 'auth.wrongly_signed',
  title: 'an upgrade that is signed with another secret',
  expects: 'It is refused, and one that is signed with the right secret is let in.',
  why: 'To look whether the headers are there is not to verify them.',
  remedy: REFUSE,
  rounds: () => [[intruder({ secret: ANOTHER_SECRET })], [meetingBy()]],
  look: letIn('an upgrade that is signed with another secret'),
};

/** Receivers tolerate five minutes, as Standard Webhooks has it. */
const OLD_SECONDS = 3_600;

export const authOldSignature: Case = {
  ...SIGNED,
  id: 'auth.old_signature',
  title: 'an upgrade with a signature of an hour ago',
  expects: 'It is refused, and one that was signed now is let in.',
  why: 'A request that was read in some log would open the door for ever.',
  remedy: `${REFUSE} Such a library also refuses what is more than five minutes off; keep the clock of the machine right.`,
  rounds: ({ secret }) => [
    [intruder({ secret: undefined, headers: () => signature(secret!, OLD_SECONDS) })],
    [meetingBy()],
  ],
  look: letIn('an upgrade with a signature of an hour ago'),
};

export const authReplayed: Case = {
  ...SIGNED,
  id: 'auth.replayed',
  title: 'the very same signature comes a second time',
  expects: 'The second one is refused.',
  why: 'Within five minutes a signature that somebody has read is as good as the secret, unless it works once.',
  remedy:
    'Remember each `Webhook-Id` with its timestamp for the five minutes in which it is good, and refuse it the second time.',
  // A redial is signed anew.
  beyondRecall: true,
  rounds: replayed,
  look: letIn('a signature that it has seen before'),
};

function replayed({ secret }: CaseSetting): ReturnType<Case['rounds']> {
  let headers: Readonly<Record<string, string>> | undefined;
  const same = {
    secret: undefined,
    headers: () => {
      headers ??= signature(secret!);
      return headers;
    },
  };
  return [[meetingBy(same)], [intruder(same)], [meetingBy()]];
}

const ANOTHER_SECRET = `whsec_${Buffer.from('the secret of another workspace!').toString('base64')}`;

/** The signature that matches is the last one. */
function withAnother(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const name = 'Webhook-Signature';
  const { [name]: other } = signature(ANOTHER_SECRET);
  return { ...headers, [name]: `${other} ${headers[name]}` };
}
