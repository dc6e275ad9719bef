/** Every case, in the order in which they are played. Adding one is adding a file and a line. */
import type { Case } from '../case.ts';
import {
  authOldSignature,
  authReplayed,
  authSigned,
  authUnsigned,
  authWronglySigned,
} from './auth-signatures.ts';
import { authWrongToken } from './auth-wrong-token.ts';
import { basicConnectionWithoutFrame } from './basic-connection-without-frame.ts';
import { basicMutedFromStart } from './basic-muted-from-start.ts';
import { basicNobodySpeaks } from './basic-nobody-speaks.ts';
import { basicOneSpeaker } from './basic-one-speaker.ts';
import { basicSilent } from './basic-silent.ts';
import { basicThreeAtOnce } from './basic-three-at-once.ts';
import { connectionsCloseAnswered } from './connections-close-answered.ts';
import { connectionsLostAndBack, connectionsLostForLong, connectionsReplaced } from './connections-lost.ts';
import { connectionsOneForAll, connectionsOnePerParticipant } from './connections-one-per-participant.ts';
import { connectionsKeptAlive, connectionsPingAnswered } from './connections-pings.ts';
import { connectionsSameUrlAgain } from './connections-same-url-again.ts';
import { connectionsSecondWhileOpen } from './connections-second-while-open.ts';
import { connectionsTwoBots } from './connections-two-bots.ts';
import { eventsOfMixedAudio, eventsOfParticipants, eventsOfTranscripts } from './events-beside-audio.ts';
import { eventsUnknown } from './events-unknown.ts';
import { framesAbsolute } from './frames-absolute.ts';
import { framesChangingSizes } from './frames-changing-sizes.ts';
import { framesMetadata } from './frames-metadata.ts';
import { framesBotAbsent, framesBotNull } from './frames-no-bot.ts';
import { framesNulls } from './frames-nulls.ts';
import { framesOfOneSize } from './frames-one-size.ts';
import { framesShortLast } from './frames-short-last.ts';
import { framesUnknownFields } from './frames-unknown-fields.ts';
import { loadFiftyConnections, loadSixteenParticipants } from './load-many.ts';
import { loadMemory } from './load-memory.ts';
import { loadPings } from './load-pings.ts';
import { loadSpeed } from './load-speed.ts';
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
import { networkHalfOpen, networkReset } from './network-breaks.ts';
import { networkFragments, networkSegments } from './network-pieces.ts';
import { networkLatency, networkStall } from './network-time.ts';
import { robustLarge } from './robust-large.ts';
import {
  robustBadBase64,
  robustBinary,
  robustMissingFields,
  robustNotJson,
  robustOddBytes,
  robustWrongTypes,
} from './robust-messages.ts';

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
  connectionsOnePerParticipant,
  connectionsOneForAll,
  connectionsSecondWhileOpen,
  connectionsLostAndBack,
  connectionsReplaced,
  connectionsLostForLong,
  connectionsTwoBots,
  connectionsSameUrlAgain,
  connectionsPingAnswered,
  connectionsKeptAlive,
  connectionsCloseAnswered,
  networkLatency,
  networkStall,
  networkSegments,
  networkFragments,
  networkHalfOpen,
  networkReset,
  eventsOfParticipants,
  eventsOfTranscripts,
  eventsOfMixedAudio,
  eventsUnknown,
  robustNotJson,
  robustMissingFields,
  robustWrongTypes,
  robustBadBase64,
  robustOddBytes,
  robustBinary,
  robustLarge,
  authSigned,
  authUnsigned,
  authWronglySigned,
  authOldSignature,
  authReplayed,
  authWrongToken,
  loadSixteenParticipants,
  loadFiftyConnections,
  loadPings,
  loadSpeed,
  loadMemory,
];
