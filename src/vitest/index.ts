/** `recall-emulator/vitest`: a vitest fixture with an emulator and a recorder, and the matchers, registered. */
import './matchers.ts';

export type { RecallMatchers } from '../testing/matchers.ts';
export { type MeetingFixtures, meetingTest, type TestEmulator } from './meeting-test.ts';
export { type ReceiverCasesOptions, receiverCases } from './receiver-cases.ts';
