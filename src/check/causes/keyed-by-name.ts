import type { KeptCause } from '../case.ts';

/** People of one name are one to it. */
export const keyedByName: KeptCause = {
  code: 'keyed_by_name',
  title: 'Keys audio by name',
  shows:
    'Two people of the same name share one file, or one of them has none; people with names of their own do not.',
  remedy:
    'Key by `data.data.participant.id` within a recording, never by `name`: names may be equal, null, or change.',
  look({ id, meetings }) {
    if (id !== 'names.equal') return undefined;
    for (const { kept } of meetings) {
      const mixed = kept?.judgement.findings.filter(({ code }) =>
        ['interleaved', 'foreign', 'no_file', 'swapped'].includes(code),
      );
      if (mixed === undefined || mixed.length === 0) continue;
      return {
        certainty: 'likely',
        text: `The receiver keys audio by name: ${mixed[0]!.text}`,
        evidence: mixed.map(({ text }) => text),
      };
    }
    return undefined;
  },
};
