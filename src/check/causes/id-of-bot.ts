import type { KeptCause } from '../cause.ts';
import { isWrong, wrongLines } from '../results.ts';

const ID = 2_147_483_647;

/** Some receivers leave the bot itself out by an id that it had once. */
export const idOfBot: KeptCause = {
  code: 'id_taken_for_bot',
  title: 'Takes the id 2147483647 for the bot',
  shows: 'Whoever has this id is not kept, and others with ids as large are.',
  remedy:
    'Do not tell the bot by its id: it is a participant only where `include_bot_in_recording.audio` asks for it, and then by its `bot_name`.',
  look(results) {
    const [result] = results.of('names.large_ids').filter(isWrong);
    if (result === undefined || !wrongLines(result).every(({ participant }) => participant === ID))
      return undefined;
    const certainty = results.certaintyOf(result);
    return (
      certainty && {
        certainty,
        text: 'The receiver takes participant 2147483647 for the bot',
        explains: [result],
      }
    );
  },
};
