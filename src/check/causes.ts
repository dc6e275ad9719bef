/**
 * Causes that show in what cases came to. One that shows in many cases stands before those that show in one of them: what an earlier
 * cause has explained, a later one does not explain again. Adding one is a file and a line.
 */
import type { KeptCause } from './cause.ts';
import { allInOneFile } from './causes/all-in-one-file.ts';
import { blocks } from './causes/blocks.ts';
import { byWallClock } from './causes/by-wall-clock.ts';
import { closesAll } from './causes/closes-all.ts';
import { connectionRules } from './causes/connection-rules.ts';
import { dropsShortMessages } from './causes/drops-short-messages.ts';
import { endsAtFirstClose } from './causes/ends-at-first-close.ts';
import { endsItself } from './causes/ends-itself.ts';
import { filePerConnection } from './causes/file-per-connection.ts';
import { filesOfNames } from './causes/files-of-names.ts';
import { firstRecordingOnly } from './causes/first-recording-only.ts';
import { wrongForm } from './causes/form.ts';
import { grows } from './causes/grows.ts';
import { idOfBot } from './causes/id-of-bot.ts';
import { idsIn32Bits } from './causes/ids-in-32-bits.ts';
import { ignoresGaps } from './causes/ignores-gaps.ts';
import { keyedByName } from './causes/keyed-by-name.ts';
import { keyedByParticipantAlone } from './causes/keyed-by-participant-alone.ts';
import { leavesOutQuiet } from './causes/leaves-out-quiet.ts';
import { losesTheEnd } from './causes/loses-the-end.ts';
import { nothingKept } from './causes/nothing-kept.ts';
import { nullNames } from './causes/null-names.ts';
import { oneCaseOnly } from './causes/one-case-only.ts';
import { oneFrameLength } from './causes/one-frame-length.ts';
import { oneSpeakerPerConnection } from './causes/one-speaker-per-connection.ts';
import { otherEvents } from './causes/other-events.ts';
import { shutsAfterFirst } from './causes/shuts-after-first.ts';
import { strictFields } from './causes/strict-fields.ts';
import { tapUnused } from './causes/tap-unused.ts';
import { truncatesOnReconnect } from './causes/truncates-on-reconnect.ts';
import { unusableMessages } from './causes/unusable-messages.ts';
import { usualForm } from './causes/usual-form.ts';

export const KEPT_CAUSES: readonly KeptCause[] = [
  // There is nothing to look at.
  tapUnused,
  nothingKept,
  endsItself,
  shutsAfterFirst,
  ...connectionRules,
  blocks,
  // Everything is wrong in the same way.
  firstRecordingOnly,
  keyedByParticipantAlone,
  byWallClock,
  wrongForm,
  usualForm,
  allInOneFile,
  // What connections, closes and mutes do.
  oneSpeakerPerConnection,
  filePerConnection,
  losesTheEnd,
  closesAll,
  truncatesOnReconnect,
  endsAtFirstClose,
  ignoresGaps,
  // What shows in one case.
  keyedByName,
  nullNames,
  idsIn32Bits,
  idOfBot,
  filesOfNames,
  strictFields,
  oneFrameLength,
  dropsShortMessages,
  leavesOutQuiet,
  grows,
  otherEvents,
  ...oneCaseOnly,
  unusableMessages,
];
