/** `recall-emulator`: play meetings at receivers, check them, receive them, and mock the REST API that bots are made with. */
export { check } from './check/door.ts';
export type { KnownFailure } from './check/known.ts';
export type { CheckOptions } from './check/options.ts';
export { type CheckReport, checkReportJsonSchema, checkReportSchema } from './check/report.ts';
export type { Config } from './config.ts';
export { type Clock, realClock, virtualClock } from './emulator/clock.ts';
export type { ConnectionMode } from './emulator/endpoint.ts';
export { scenarioJsonSchema } from './emulator/faults/scenario-schema.ts';
export type { DropReason } from './emulator/ledger.ts';
export type { ParticipantStatus } from './emulator/participant-status.ts';
export { type PlayReport, playReportJsonSchema, playReportSchema } from './emulator/report.ts';
export type { LogLevel, Session } from './emulator/session.ts';
export {
  AudioError,
  EmulatorError,
  InvalidInputError,
  type Problem,
  type SourceLocation,
  UsageError,
} from './errors.ts';
export { WriteError } from './files.ts';
export { findLimit, type LimitLevel, type LimitReport } from './load/find-limit.ts';
export { type LoadReport, type LoadSecond, loadReportJsonSchema, loadReportSchema } from './load/report.ts';
export { runLoad } from './load/run.ts';
export type { LoadOptions, LoadTotals } from './load/settings.ts';
export { type PlayOptions, play } from './play.ts';
export {
  type Receiver,
  type ReceiverOptions,
  type ReceiverProgress,
  startReceiver,
} from './receiver/receiver.ts';
export type {
  ConnectionStats,
  ParticipantStats,
  ReceiverStats,
  RecordingStats,
} from './receiver/stats.ts';
export { type MeetingBuilder, meeting, type ParticipantTimeline } from './scenario/builder.ts';
export { loadCapture } from './scenario/capture.ts';
export { compileScenario } from './scenario/compile.ts';
export { type GenerateOptions, generateMeeting, writeMeeting } from './scenario/generate.ts';
export { type LoadedScenario, loadScenario, parseScenario } from './scenario/load.ts';
export type { Scenario, ScenarioAction, ScenarioParticipant } from './scenario/schema.ts';
export { scenarioToYaml } from './scenario/stringify.ts';
export type { Segment, StreamPlan, Timeline, TimelineEvent, Utterance } from './scenario/timeline.ts';
export { type Truth, toRttm, toTruth } from './scenario/truth.ts';
export { type ValidationReport, validateFile } from './scenario/validate.ts';
export type { LoggedRequest } from './server/api/request-log.ts';
export type { ExpectedCount, ExpectedRequest, Verification } from './server/api/request-match.ts';
export type { BotDelays } from './server/bot/context.ts';
export type { DocsGeneration } from './server/bot/platforms.ts';
export { serverOpenApi, startServer } from './server/door.ts';
export type { MockServer, ServerOptions, ServerStats } from './server/server.ts';
export type { Activity, ActivityKind } from './server/store/activity.ts';
export { historyJsonSchema } from './server/store/history-schema.ts';
export { type TriggerOptions, type TriggerReport, type TriggerResult, trigger } from './trigger/trigger.ts';
