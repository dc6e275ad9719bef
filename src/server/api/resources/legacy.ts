/** What is left of API v1.10. Without the server's `legacy`, the answer says what has replaced it. */
import { type LegacyTranscript, legacyTranscriptSchema } from '../../../protocol/rest/legacy.ts';
import { refused } from '../../bot/refusal.ts';
import type { RecordingRecord } from '../../store/records.ts';
import { type Operation, operation } from '../operation.ts';

export const legacy: readonly Operation[] = [
  operation({
    id: 'retrieve_bot_transcript',
    method: 'GET',
    path: '/api/v1/bot/{id}/transcript/',
    tag: 'API v1.10',
    summary: 'The transcript of a bot, as API v1.10 had it; needs legacy',
    answers: { 200: legacyTranscriptSchema },
    handle({ workspace, params }) {
      if (!workspace.context.legacy) {
        const detail =
          'The transcript of API v1.10 has been replaced by recordings[].media_shortcuts.transcript.data.download_url ' +
          'of the bot; recall-emulator has it when it is started with `legacy: true`.';
        throw refused(501, 'not_emulated', detail);
      }
      const bot = workspace.record(params.id ?? '');
      const { recordings, artifacts } = workspace.context.store.state(bot.id)!;
      const kept = recordings.filter((recording) =>
        artifacts.some(({ id, status }) => id === recording.artifactIds.transcript && status.code === 'done'),
      );
      return { status: 200, body: kept.flatMap(linesOf) };
    },
  }),
];

function linesOf({ content }: RecordingRecord): LegacyTranscript {
  return content.transcript.map(({ participant, words }) => ({
    speaker: participant.name,
    words: words.map(({ text, start_timestamp, end_timestamp }) => ({
      text,
      start_timestamp: start_timestamp.relative,
      end_timestamp: end_timestamp?.relative ?? null,
    })),
  }));
}
