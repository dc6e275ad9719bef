/** `importRecording`: a real recording of Recall's becomes a scenario with its WAVs, in a folder. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { encodeWav } from '../audio/wav.ts';
import { EmulatorError } from '../errors.ts';
import { makeOutputFolder, writeError } from '../files.ts';
import { plainText } from '../plain-text.ts';
import { SAMPLE_RATE } from '../protocol/pcm.ts';
import { openScenario } from '../scenario/open.ts';
import { scenarioToYaml } from '../scenario/stringify.ts';
import { RecallClient } from './recall-client.ts';
import {
  eventsSchema,
  type ImportedPart,
  type ImportedRecording,
  importedBotSchema,
  participantsSchema,
  partsSchema,
  transcriptSchema,
} from './recording.ts';
import { type Heard, scenarioOf } from './scenario-of.ts';

export interface ImportOptions {
  readonly botId: string;
  readonly apiKey: string;
  /** `https://us-west-2.recall.ai`, or where `serve` listens. */
  readonly baseUrl: string;
  /** Folder for `scenario.yaml` and the WAVs. */
  readonly out: string;
}

export interface Imported {
  /** Path of the scenario. */
  readonly scenario: string;
  readonly participants: number;
  readonly wavFiles: number;
  readonly seconds: number;
  /** What the recording does not have. */
  readonly missing: readonly string[];
}

/**
 * Takes the bot's last recording. Throws an `EmulatorError` for what Recall does not give (`import_failed`,
 * `nothing_to_import`), and a `UsageError` or a `WriteError` for the folder.
 */
export async function importRecording({ botId, apiKey, baseUrl, out }: ImportOptions): Promise<Imported> {
  const client = new RecallClient(baseUrl, apiKey);
  const { recordings } = await client.get(`/api/v1/bot/${encodeURIComponent(botId)}/`, importedBotSchema);
  const recording = recordings.at(-1);
  if (recording === undefined)
    throw new EmulatorError('nothing_to_import', `The bot ${plainText(botId)} has recorded nothing.`, {
      hint: 'Name a bot whose recording is done.',
    });
  makeOutputFolder(out);
  const { participants, happened, transcript, parts, missing } = await downloads(client, recording);
  const heard: Heard[] = [];
  for (const [index, part] of (parts ?? []).entries()) heard.push(await writePart(client, out, part, index));
  const scenario = scenarioOf({
    title: recording.media_shortcuts.meeting_metadata?.data.title ?? undefined,
    seconds: secondsOf(recording),
    participants: participants ?? [],
    events: happened ?? [],
    transcript: transcript ?? [],
    heard,
  });
  if (scenario.participants.length === 0)
    throw new EmulatorError(
      'nothing_to_import',
      'The recording has no participants that can be downloaded.',
      {
        hint: 'Its media may have been deleted, or have expired.',
      },
    );
  const file = join(out, 'scenario.yaml');
  write(file, scenarioToYaml(scenario));
  // What cannot be played is said here, and not when it is played.
  await openScenario(file);
  return {
    scenario: file,
    participants: scenario.participants.length,
    wavFiles: heard.length,
    seconds: Number(scenario.duration),
    missing,
  };
}

/** What can be downloaded of a recording, and the names of what cannot. */
async function downloads(client: RecallClient, { media_shortcuts: media }: ImportedRecording) {
  const missing: string[] = [];
  const ask = async <T>(
    what: string,
    url: string | null | undefined,
    get: (url: string) => Promise<T>,
  ): Promise<T | undefined> => {
    if (url != null) return get(url);
    missing.push(what);
    return undefined;
  };
  const events = media.participant_events?.data;
  const participants = await ask('participants', events?.participants_download_url, (url) =>
    client.document('participants', url, participantsSchema),
  );
  const happened = await ask('participant events', events?.participant_events_download_url, (url) =>
    client.document('participant events', url, eventsSchema),
  );
  const transcript = await ask('transcript', media.transcript?.data.download_url, (url) =>
    client.document('transcript', url, transcriptSchema),
  );
  const parts = await ask('separate audio', media.audio_separate?.data.download_url, (url) =>
    client.document('separate audio', url, partsSchema),
  );
  return { participants, happened, transcript, parts, missing };
}

/** Raw audio is S16LE at 16 kHz; what is a WAV already stays one. */
async function writePart(
  client: RecallClient,
  out: string,
  part: ImportedPart,
  index: number,
): Promise<Heard> {
  const { participant, start_timestamp, duration, download_url } = part;
  const bytes = await client.audio(`audio of participant ${participant.id}`, download_url);
  const isWav = bytes.subarray(0, 4).toString('latin1') === 'RIFF';
  const file = `${String(index + 1).padStart(3, '0')}-participant-${participant.id}.wav`;
  const samples = new Int16Array(Math.floor(bytes.length / 2));
  for (let at = 0; at < samples.length; at++) samples[at] = bytes.readInt16LE(at * 2);
  write(join(out, file), isWav ? bytes : await encodeWav(samples));
  const start = Math.max(0, start_timestamp.relative);
  return { participant, start, end: start + (isWav ? duration : samples.length / SAMPLE_RATE), file };
}

function write(path: string, content: string | Buffer): void {
  try {
    writeFileSync(path, content);
  } catch (error) {
    throw writeError(error, path);
  }
}

function secondsOf({ started_at, completed_at }: ImportedRecording): number {
  const seconds = (Date.parse(completed_at ?? '') - Date.parse(started_at ?? '')) / 1_000;
  return Number.isFinite(seconds) && seconds > 0 ? seconds : 0;
}
