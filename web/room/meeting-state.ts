/** A meeting as far as the feed has told of it. It changes in place, ten times a second. */
import type { Lane as SentLane } from '../../src/check/report.ts';
import type {
  ConnectionNews,
  LossNews,
  MeetingNews,
  ParticipantNews,
} from '../../src/server/control/live/batch.ts';

export interface Span {
  readonly from_s: number;
  readonly to_s: number;
}

export interface Speech {
  readonly participant: number;
  readonly from_s: number;
  /** Null while it lasts. */
  readonly to_s: number | null;
}

export interface PersonState extends ParticipantNews {
  /** 0 to 1. */
  readonly level: number;
  readonly sent: number;
  readonly dropped: number;
}

type Happening = NonNullable<MeetingNews['events']>[number];

export class MeetingState {
  readonly botId: string;
  readonly recording: number;
  /** Wall milliseconds of its second 0. */
  startedAt = 0;
  now = 0;
  isOver = false;
  people: readonly PersonState[] = [];
  readonly connections = new Map<number, ConnectionNews>();
  readonly losses = new Map<string, LossNews>();
  readonly speeches: Speech[] = [];
  readonly events: Happening[] = [];
  faults: readonly string[] = [];
  diagnoses: NonNullable<MeetingNews['diagnoses']> = [];
  /** By the index of the participant. */
  readonly #peaks: number[][] = [];
  readonly #stretches: Span[][] = [];

  constructor({ bot_id, recording }: MeetingNews) {
    this.botId = bot_id;
    this.recording = recording;
  }

  isOf({ bot_id, recording }: MeetingNews): boolean {
    return this.botId === bot_id && this.recording === recording;
  }

  takeIn(news: MeetingNews): void {
    this.now = news.now_s;
    if (news.started_at !== undefined) this.startedAt = Date.parse(news.started_at);
    if (news.over === true) this.#end();
    this.#takePeople(news);
    for (const connection of news.connections ?? []) this.connections.set(connection.number, connection);
    for (const loss of news.losses ?? []) this.losses.set(loss.key, loss);
    for (const [index, participant, from_s, to_s] of news.speech ?? [])
      this.speeches[index] = { participant, from_s, to_s };
    this.events.push(...(news.events ?? []));
    this.faults = news.faults ?? this.faults;
    this.diagnoses = news.diagnoses ?? this.diagnoses;
    for (const [index, from, values] of news.peaks ?? []) {
      const peaks = listAt(this.#peaks, index);
      while (peaks.length < from) peaks.push(0);
      for (const [offset, value] of values.entries()) peaks[from + offset] = value;
    }
    for (const [index, number, from_s, to_s] of news.stretches ?? [])
      listAt(this.#stretches, index)[number] = { from_s, to_s };
  }

  /** What was sent of somebody, as lanes draw it. */
  laneOf(index: number): SentLane {
    const { id, name } = this.people[index]!;
    return {
      participant: id,
      name,
      unmuted: this.#stretches[index] ?? [],
      missing: [...this.losses.values()].filter(({ participant }) => participant === id),
      peaks: this.#peaks[index] ?? [],
    };
  }

  #takePeople({ participants, levels }: MeetingNews): void {
    if (participants === undefined && levels === undefined) return;
    const all: readonly ParticipantNews[] = participants ?? this.people;
    this.people = all.map((person, index) => {
      const [level, sent, dropped] = levels?.[index] ?? [0, 0, 0];
      return { ...person, level: this.isOver ? 0 : level, sent, dropped };
    });
  }

  /** Nobody is in it any more. */
  #end(): void {
    this.isOver = true;
    this.people = this.people.map((person) => ({
      ...person,
      present: false,
      unmuted: false,
      speaking: false,
      level: 0,
    }));
  }
}

function listAt<T>(lists: T[][], index: number): T[] {
  lists[index] ??= [];
  return lists[index];
}
