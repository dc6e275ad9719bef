/** A played meeting as a report draws it: lanes of what was sent, connections, what was kept, and the wire. */
import { plainText } from '../plain-text.ts';
import { SAMPLE_RATE } from '../protocol/pcm.ts';
import type { Run } from './oracle/locate.ts';
import type { Range, Sent, SentTrack } from './oracle/sent.ts';
import type { ExitReport, KeptReport, Lane, Mark, MeetingReport, SampleReport } from './report.ts';
import type { MeetingSeen } from './seen.ts';
import { connectionsOf, wireOf } from './wire-report.ts';
import type { ProcessSample } from './witnesses/figures.ts';
import type { ProcessExit } from './witnesses/process.ts';

/** 20 ms. */
const PEAK_SAMPLES = SAMPLE_RATE / 50;
const MAX_MARKS = 200;
const MAX_RUNS = 500;
const MAX_LAST_LINES = 10;

export function meetingReport(seen: MeetingSeen): MeetingReport {
  const { recordingId, botId, sent, speed, report, kept } = seen;
  return {
    recording_id: recordingId,
    bot_id: botId,
    duration_s: sent.durationSamples / SAMPLE_RATE,
    speed,
    frames:
      report === undefined
        ? null
        : { scheduled: report.scheduled, sent: report.sent, dropped: report.dropped.total },
    lanes: sent.tracks.map((track, index) => laneOf(track, seen.timeline.participants[index]!.name)),
    connections: connectionsOf(seen),
    kept:
      kept === undefined
        ? null
        : kept.judgement.files.map(({ file, participant, layout, runs }) => ({
            file,
            participant,
            layout,
            runs: (runs[0] ?? []).slice(0, MAX_RUNS).map((run) => runOf(run, sent)),
          })),
    kept_by: kept?.by ?? null,
    marks: marksOf(seen),
    wire: wireOf(seen),
  };
}

export function sampleReport({
  atSeconds,
  roundsOver,
  rssBytes,
  cpuPercent,
  descriptors,
}: ProcessSample): SampleReport {
  return {
    at_s: atSeconds,
    rounds_over: roundsOver,
    rss_bytes: rssBytes,
    cpu_percent: cpuPercent,
    descriptors,
  };
}

export function exitReport(exit: ProcessExit | undefined): ExitReport {
  if (exit === undefined) return null;
  const { code, signal, stderr } = exit;
  return { code, signal, stderr: stderr.slice(-MAX_LAST_LINES).map((line) => plainText(line)) };
}

function laneOf(track: SentTrack, name: string | null): Lane {
  const peaks: number[] = [];
  for (let start = 0; start < track.pcm.length; start += PEAK_SAMPLES) {
    let peak = 0;
    for (const sample of track.pcm.subarray(start, start + PEAK_SAMPLES))
      peak = Math.max(peak, Math.abs(sample));
    peaks.push(Math.round((peak * 100) / 32_768));
  }
  return {
    participant: track.id,
    name,
    unmuted: track.intervals.map(spanOf),
    missing: track.dropped.map(spanOf),
    peaks,
  };
}

function spanOf({ start, end }: Range): { from_s: number; to_s: number } {
  return { from_s: start / SAMPLE_RATE, to_s: end / SAMPLE_RATE };
}

function runOf(run: Run, { tracks }: Sent): KeptReport['runs'][number] {
  const isSent = run.kind === 'sent';
  return {
    kind: run.kind,
    participant: isSent ? tracks[run.track]!.id : null,
    from_s: isSent ? run.from / SAMPLE_RATE : null,
    at_s: run.at / SAMPLE_RATE,
    length_s: run.length / SAMPLE_RATE,
  };
}

function marksOf({ timeline, plan, moments = [] }: MeetingSeen): Mark[] {
  return [
    ...timeline.events.map(({ sample, event, snapshot }) => ({
      at_s: sample / SAMPLE_RATE,
      kind: 'event' as const,
      text: `${event} ${snapshot.id}`,
    })),
    ...(plan.faults ?? []).map((text) => ({
      at_s: Number(/@([\d.]+)s/.exec(text)?.[1] ?? 0),
      kind: 'fault' as const,
      text,
    })),
    ...moments.map(({ atSeconds, kind, text }) => ({ at_s: atSeconds, kind, text })),
  ].slice(0, MAX_MARKS);
}
