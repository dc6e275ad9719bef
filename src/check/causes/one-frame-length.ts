import type { KeptCause } from '../cause.ts';
import { isWrong, wrongLines } from '../results.ts';

/** The size that most messages have. */
const USUAL = 'frames.100_ms';

/** 3,200 bytes, whatever comes. */
export const oneFrameLength: KeptCause = {
  code: 'assumes_100_ms',
  title: 'Takes every message for 100 ms of audio',
  shows:
    'Where messages are shorter, silence is inserted; where they are longer, some of each is lost. With messages of 100 ms, nothing is wrong.',
  remedy:
    'Take the length of a message from its audio: bytes of the decoded `data.data.buffer` / 2 samples. Recall does not say how long they are, and they need not be alike.',
  look(results) {
    const [telling] = results.of('frames.changing_sizes').filter(isWrong);
    if (telling === undefined || results.passes(USUAL) === false) return undefined;
    const codes = wrongLines(telling).map(({ code }) => code);
    const certainty = results.certaintyOf(telling);
    if (certainty === undefined || !codes.includes('silence_inserted')) return undefined;
    const others = results.wrong.filter(
      (result) =>
        result !== telling && result.id.startsWith('frames.') && wrongLines(result).every(isOfLength),
    );
    return {
      certainty,
      text: 'The receiver takes every message for 100 ms of audio',
      explains: [telling, ...others],
    };
  },
};

function isOfLength({ code }: { readonly code: string }): boolean {
  return ['silence_inserted', 'silence_length', 'missing', 'damaged', 'truncated', 'not_sent'].includes(code);
}
