import { newcomerClosesOlder } from '../../diagnose/causes/newcomer-closes-older.ts';
import { oneConnection } from '../../diagnose/causes/one-connection.ts';
import type { KeptCause } from '../cause.ts';
import type { CaseResult } from '../report.ts';
import { hasOnly } from '../results.ts';

/** What a rule looks like where it cannot be told: two meetings at once, or an end so late that nothing more was to come. */
const VAGUE = [
  'closed_by_itself',
  'one_close_ends_all',
  'turned_away',
  'wrong_path',
  'close_unanswered',
  'accepts_then_closes',
  'token_works_once',
  'connection_limit',
  'not_delivered',
  'unknown',
];
/** Of a meeting that is played step by step: what was to come over a connection that was refused is missing. */
const REFUSED = 'upgrade_status';

/** Rules for connections, which one case shows, and which explain the others in which connections end or are refused. */
export const connectionRules: readonly KeptCause[] = [newcomerClosesOlder, oneConnection].map(
  ({ code, title, shows, remedy }) => ({
    code,
    title,
    shows,
    remedy,
    look({ wrong }) {
      const seen = wrong.filter(({ diagnoses }) => diagnoses.some((each) => each.code === code));
      if (seen.length === 0) return undefined;
      const { certainty, text } = seen[0]!.diagnoses.find((each) => each.code === code)!;
      const vague = wrong.filter(
        (each) =>
          !seen.includes(each) &&
          hasSeveral(each) &&
          (hasOnly(each, [code, ...VAGUE]) || (isRefused(each) && hasOnly(each, [REFUSED, 'missing']))),
      );
      return { certainty, text, explains: [...seen, ...vague] };
    },
  }),
);

function isRefused({ lines }: CaseResult): boolean {
  return lines.some(({ code }) => code === REFUSED);
}

function hasSeveral({ meetings }: CaseResult): boolean {
  return meetings.reduce((sum, { connections }) => sum + connections.length, 0) > 1;
}
