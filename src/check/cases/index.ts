/** Every case, in the order in which they are played. Adding one is adding a file and a line. */
import type { Case } from '../case.ts';
import { basicConnectionWithoutFrame } from './basic-connection-without-frame.ts';
import { basicMutedFromStart } from './basic-muted-from-start.ts';
import { basicNobodySpeaks } from './basic-nobody-speaks.ts';
import { basicOneSpeaker } from './basic-one-speaker.ts';
import { basicSilent } from './basic-silent.ts';
import { basicThreeAtOnce } from './basic-three-at-once.ts';
import { framesAbsolute } from './frames-absolute.ts';
import { framesChangingSizes } from './frames-changing-sizes.ts';
import { framesMetadata } from './frames-metadata.ts';
import { framesBotAbsent, framesBotNull } from './frames-no-bot.ts';
import { framesNulls } from './frames-nulls.ts';
import { framesOfOneSize } from './frames-one-size.ts';
import { framesShortLast } from './frames-short-last.ts';
import { framesUnknownFields } from './frames-unknown-fields.ts';
import { muteAll, muteAllForAMinute } from './mute-all.ts';
import { muteOffAndOn } from './mute-off-and-on.ts';
import { muteOffGrid } from './mute-off-grid.ts';
import { muteOneOfThree } from './mute-one-of-three.ts';
import { muteShortUnmute } from './mute-short-unmute.ts';
import { muteTenToggles } from './mute-ten-toggles.ts';
import { namesBackNewId } from './names-back-new-id.ts';
import { namesBackSameId } from './names-back-same-id.ts';
import { namesBotVoice } from './names-bot-voice.ts';
import { namesEmail } from './names-email.ts';
import { namesEmpty } from './names-empty.ts';
import { namesEqual } from './names-equal.ts';
import { namesLargeIds } from './names-large-ids.ts';
import { namesLong } from './names-long.ts';
import { namesNull } from './names-null.ts';
import { namesRenamed } from './names-renamed.ts';
import { namesUnicode } from './names-unicode.ts';
import { namesUnsafe } from './names-unsafe.ts';

export const CASES: readonly Case[] = [
  basicOneSpeaker,
  basicThreeAtOnce,
  basicMutedFromStart,
  basicSilent,
  basicNobodySpeaks,
  basicConnectionWithoutFrame,
  muteOffAndOn,
  muteOneOfThree,
  muteShortUnmute,
  muteTenToggles,
  muteAll,
  muteAllForAMinute,
  muteOffGrid,
  namesEqual,
  namesNull,
  namesEmpty,
  namesRenamed,
  namesUnicode,
  namesUnsafe,
  namesLong,
  namesLargeIds,
  namesBotVoice,
  namesBackSameId,
  namesBackNewId,
  namesEmail,
  ...framesOfOneSize,
  framesChangingSizes,
  framesShortLast,
  framesUnknownFields,
  framesNulls,
  framesBotNull,
  framesBotAbsent,
  ...framesAbsolute,
  framesMetadata,
];
