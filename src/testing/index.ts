/** `recall-emulator/testing`: for any test runner. A check of receivers, a recorder, matchers, and arbitraries. Wants fast-check. */

export { RECEIVER_PROPERTIES, type ReceiverProperty } from '../check/properties/index.ts';
export {
  type Script,
  type ScriptOptions,
  type ScriptStep,
  scriptOf,
  type WaitStep,
} from '../emulator/script.ts';
export type { ScriptConnectionReport } from '../emulator/script-connection.ts';
export { playScript, type ScriptPlayOptions, type ScriptReport } from '../emulator/script-player.ts';
export { DEFECTS, type Defect } from '../emulator/spoilers.ts';
export { samplesOf } from '../protocol/pcm.ts';
export { participantAudio } from '../scenario/audio.ts';
export {
  audioSeparateRawArb,
  participantArb,
  pcmArb,
  realtimeEventArb,
  type ScenarioConstraints,
  scenarioArb,
  timelineArb,
} from './arbitraries.ts';
export { type CheckOptions, checkReceiver, ReceiverCheckError } from './check-receiver.ts';
export type { Difference } from './differences.ts';
export { type FaultConstraints, faultArb } from './faults.ts';
export { type MalformedMessages, malformedEventArb } from './malformed.ts';
export {
  type ConnectionsOptions,
  type ContiguousAudioOptions,
  type MessagesLike,
  type RecallMatchers,
  recallMatchers,
} from './matchers.ts';
export { frameOf, type ReceivedFrame } from './messages.ts';
export { meetingTest } from './moved.ts';
export { type ComparePcmOptions, comparePcm, type PcmLike, readWav } from './pcm.ts';
export type { ConnectionHandler, ReceiverFactory, ReceiverUnderTest } from './receiver-under-test.ts';
export { assemble, type RecordedConnection, type Recorder, startRecorder } from './recorder.ts';
