import { blockedLoop } from '../../diagnose/causes/blocked-loop.ts';
import type { KeptCause } from '../cause.ts';
import { hasOnly } from '../results.ts';

const CODE = blockedLoop.code;
/** What comes of it elsewhere: everything is late. */
const LATE = [
  CODE,
  'close_unanswered',
  'slow_upgrade',
  'slower_than_real_time',
  'stopped_reading',
  'slow',
  'not_delivered',
  'unknown',
];

/** Seen by pings in one case, it makes others late. */
export const blocks: KeptCause = {
  code: CODE,
  title: blockedLoop.title,
  shows: blockedLoop.shows,
  remedy: blockedLoop.remedy,
  look({ wrong }) {
    const seen = wrong.filter(({ diagnoses }) => diagnoses.some(({ code }) => code === CODE));
    if (seen.length === 0) return undefined;
    const { certainty, text } = seen[0]!.diagnoses.find(({ code }) => code === CODE)!;
    return {
      certainty,
      text,
      explains: [...seen, ...wrong.filter((each) => !seen.includes(each) && hasOnly(each, LATE))],
    };
  },
};
