/**
 * A recording as a scenario. A part of separate audio is a stretch in which its participant was unmuted; whoever is heard
 * while no event says so is there nonetheless. Pure.
 */
import type { Scenario, ScenarioAction } from '../scenario/schema.ts';
import type { ImportedEvent, ImportedLine, ImportedParticipant } from './recording.ts';

/** Audio of one participant without a gap. Seconds since the recording started. */
export interface Heard {
  readonly participant: ImportedParticipant;
  readonly start: number;
  readonly end: number;
  /** Relative to the scenario. */
  readonly file: string;
}

export interface Gathered {
  readonly title: string | undefined;
  readonly seconds: number;
  readonly participants: readonly ImportedParticipant[];
  readonly events: readonly ImportedEvent[];
  readonly transcript: readonly ImportedLine[];
  readonly heard: readonly Heard[];
}

interface Presence {
  from: number;
  to: number;
}

/** Closer than that, one stretch goes on in the next: a sample of 16 kHz. */
const TOUCHING = 1 / 16_000;

export function scenarioOf({ title, seconds, participants, events, transcript, heard }: Gathered): Scenario {
  const people = new Map<number, ImportedParticipant>();
  for (const each of [...events, ...heard]) people.set(each.participant.id, each.participant);
  // The list has the last state of each.
  for (const each of participants) people.set(each.id, each);
  const duration = Math.max(
    seconds,
    ...heard.map(({ end }) => end),
    ...events.map(({ timestamp }) => timestamp.relative),
  );
  const timeline = [...people.keys()].flatMap((id) => {
    const own = events.filter(({ participant }) => participant.id === id);
    const parts = heard.filter(({ participant }) => participant.id === id).sort((a, b) => a.start - b.start);
    const words = transcript.filter(({ participant }) => participant.id === id).flatMap((line) => line.words);
    return actionsOf(id, own, parts, words, duration);
  });
  return {
    version: 1,
    ...(title === undefined ? {} : { title }),
    duration,
    participants: [...people.values()].map(({ id, name, is_host, platform, email, extra_data }) => ({
      id,
      name: name ?? null,
      is_host: is_host ?? null,
      platform: platform ?? null,
      ...(email == null ? {} : { email }),
      extra_data: extra_data ?? null,
    })),
    timeline: timeline.sort((a, b) => Number(a.at) - Number(b.at)),
  };
}

function actionsOf(
  participant: number,
  events: readonly ImportedEvent[],
  parts: readonly Heard[],
  words: ImportedLine['words'],
  duration: number,
): ScenarioAction[] {
  const actions: ScenarioAction[] = [];
  for (const { from, to } of presencesOf(events, parts, duration)) {
    if (from > 0) actions.push({ at: from, participant, action: 'join' });
    actions.push(
      ...heardIn(
        participant,
        parts.filter(({ start }) => start >= from && start < to),
        words,
      ),
    );
    for (const { action, timestamp, data } of events) {
      const at = timestamp.relative;
      if (action === 'chat_message' && at >= from && at <= to) {
        const everyone = data?.to !== 'only_bot';
        actions.push({
          at,
          participant,
          action,
          text: data?.text ?? '',
          to: everyone ? 'everyone' : 'only_bot',
        });
      }
    }
    if (to < duration) actions.push({ at: to, participant, action: 'leave' });
  }
  return actions;
}

/** When somebody was there, by their joins and leaves, and by being heard. */
function presencesOf(
  events: readonly ImportedEvent[],
  parts: readonly Heard[],
  duration: number,
): Presence[] {
  const presences: Presence[] = [];
  let from: number | undefined = events.some(({ action }) => action === 'join') ? undefined : 0;
  for (const { action, timestamp } of [...events].sort(
    (a, b) => a.timestamp.relative - b.timestamp.relative,
  )) {
    const at = Math.max(0, timestamp.relative);
    if (action === 'join') from ??= at;
    if (action === 'leave' && from !== undefined) {
      presences.push({ from, to: at });
      from = undefined;
    }
  }
  if (from !== undefined) presences.push({ from, to: duration });
  for (const { start, end } of parts) {
    const near =
      presences.find(({ from: begin, to }) => start < to && end > begin) ??
      presences.findLast(({ from: begin }) => begin <= start) ??
      presences[0];
    if (near === undefined) presences.push({ from: start, to: end });
    else Object.assign(near, { from: Math.min(near.from, start), to: Math.max(near.to, end) });
  }
  return apart(presences.sort((a, b) => a.from - b.from));
}

/** Those that touch are one. */
function apart(presences: readonly Presence[]): Presence[] {
  const merged: Presence[] = [];
  for (const each of presences) {
    const last = merged.at(-1);
    if (last !== undefined && each.from <= last.to) last.to = Math.max(last.to, each.to);
    else merged.push({ ...each });
  }
  return merged;
}

function heardIn(
  participant: number,
  parts: readonly Heard[],
  words: ImportedLine['words'],
): ScenarioAction[] {
  return parts.flatMap(({ start, end, file }, index): ScenarioAction[] => {
    const before = parts[index - 1];
    const after = parts[index + 1];
    const goesOn = (a: Heard | undefined, b: Heard | undefined): boolean =>
      a !== undefined && b !== undefined && b.start - a.end < TOUCHING;
    const text = words
      .filter(({ start_timestamp: { relative } }) => relative >= start && relative < end)
      .map((word) => word.text)
      .join(' ');
    const here = parts[index];
    return [
      ...(goesOn(before, here) ? [] : [{ at: start, participant, action: 'unmute' as const }]),
      { at: start, participant, action: 'speak', audio: file, ...(text === '' ? {} : { text }) },
      ...(goesOn(here, after) ? [] : [{ at: end, participant, action: 'mute' as const }]),
    ];
  });
}
