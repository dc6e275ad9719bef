/** `recall-emulator/testing`: arbitraries, a vitest fixture, and a check of receivers without sockets. Wants vitest and fast-check. */

export { type ScriptOptions, type ScriptStep, scriptOf } from '../emulator/script.ts';
export { participantAudio } from '../scenario/audio.ts';
export {
  audioSeparateRawArb,
  DEFECTS,
  type Defect,
  type MalformedMessages,
  malformedEventArb,
  participantArb,
  pcmArb,
  realtimeEventArb,
  type ScenarioConstraints,
  scenarioArb,
  timelineArb,
} from './arbitraries.ts';
export {
  type CheckOptions,
  type ConnectionHandler,
  checkReceiver,
  RECEIVER_PROPERTIES,
  ReceiverCheckError,
  type ReceiverProperty,
  type ReceiverUnderTest,
} from './check-receiver.ts';
export { type MeetingFixtures, meetingTest, type TestEmulator } from './meeting-test.ts';
export { frameOf, type ReceivedFrame, samplesOf } from './messages.ts';
export { assemble, type RecordedConnection, type Recorder, startRecorder } from './recorder.ts';
