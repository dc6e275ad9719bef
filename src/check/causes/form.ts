import type { KeptCause } from '../cause.ts';
import { isWrong, wrongLines } from '../results.ts';

/** Codes of the oracle, in the receiver's terms. */
const FORMS: Readonly<Record<string, string>> = {
  byte_swapped: 'takes samples for big-endian: the bytes of each are swapped',
  odd_byte: 'begins in the middle of a sample: each is made of halves of two',
  mu_law: 'writes µ-law where its file says something else',
  eight_bit: 'writes samples of 8 bits where its file says something else',
  wrong_rate: 'says another sample rate than its audio has',
  wrong_channels: 'says another number of channels than its audio has',
};

/** All its files are of one wrong kind. */
export const wrongForm: KeptCause = {
  code: 'wrong_form',
  title: 'Writes samples in another form than its files say',
  shows: 'In every file, the same is wrong with rate, channels, byte order or depth; all the audio is there.',
  remedy:
    'What comes is mono, 16 bits, signed, little-endian, 16,000 samples a second: write it as it is, and say just that in the header.',
  look({ all }) {
    const kept = all.filter(({ meetings }) => meetings.some((meeting) => (meeting.kept?.length ?? 0) > 0));
    for (const [code, what] of Object.entries(FORMS)) {
      const explains = kept.filter(
        (each) => isWrong(each) && wrongLines(each).some((line) => line.code === code),
      );
      // Of nobody who said anything the form can be told.
      if (
        explains.length > 0 &&
        explains.length >= kept.length / 2 &&
        kept.every((each) => explains.includes(each) || !isWrong(each))
      )
        return { certainty: 'certain', text: `The receiver ${what}`, explains };
    }
    return undefined;
  },
};
