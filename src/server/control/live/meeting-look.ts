/** What has changed in a bot's meeting since the last look. What is looked at is the ledger itself: a look that comes late misses nothing. */
import { connectionFacts } from '../../../emulator/connection-facts.ts';
import { type ConnectionRecord, ENDPOINT_EVENTS } from '../../../emulator/ledger.ts';
import { SAMPLE_RATE } from '../../../protocol/pcm.ts';
import type { Bot } from '../../bot/bot.ts';
import type { Meeting } from '../../bot/meeting.ts';
import type { Recording } from '../../bot/recording.ts';
import type { ConnectionNews, LossNews, MeetingNews, ParticipantNews } from './batch.ts';
import { HappeningsLook } from './happenings-look.ts';
import { LevelsLook } from './levels-look.ts';
import { MessagesLook } from './messages-look.ts';
import { type MeetingWatch, watchOf } from './watch.ts';

/** Looks between two diagnoses, which cost more than all the rest. */
const DIAGNOSE_EVERY = 20;

export class MeetingLook {
  readonly #bot: Bot;
  readonly #recording: Recording;
  readonly #number: number;
  readonly #meeting: Meeting | undefined;
  readonly #watch: MeetingWatch | undefined;
  readonly #end: () => void;
  readonly #levels: LevelsLook | undefined;
  readonly #messages: MessagesLook | undefined;
  readonly #happenings: HappeningsLook;
  readonly #connections = new Map<number, string>();
  /** Per account, how many of its losses have been told. */
  readonly #losses: number[] = [];
  #participants = '';
  #faults = '[]';
  #diagnoses = '[]';
  #looks = 0;
  #isOver = false;

  /** `number`: which of the bot's recordings. `everyNth`: of the messages of audio that many are left out. */
  constructor(bot: Bot, recording: Recording, number: number, everyNth: number) {
    this.#bot = bot;
    this.#recording = recording;
    this.#number = number;
    this.#meeting = bot.meeting;
    this.#happenings = new HappeningsLook(recording);
    if (this.#meeting === undefined) {
      this.#end = () => {};
      return;
    }
    this.#watch = watchOf(this.#meeting);
    this.#end = this.#watch.begin();
    this.#levels = new LevelsLook(this.#watch.levels);
    this.#messages = new MessagesLook(this.#watch.messages, this.#meeting.session, everyNth);
  }

  end(): void {
    this.#end();
  }

  /** Whether this is the recording that is to be looked at. */
  isOf(recording: Recording): boolean {
    return recording === this.#recording;
  }

  /** Undefined when there is nothing new. */
  news(): MeetingNews | undefined {
    const isFirst = this.#looks === 0;
    const isOver = this.#bot.meeting !== this.#meeting || this.#meeting === undefined;
    const news: MeetingNews = {
      bot_id: this.#bot.record.id,
      recording: this.#number,
      now_s: this.#recording.elapsedSeconds,
      ...(isFirst && { started_at: this.#recording.record.startedAt }),
      ...(this.#meeting === undefined ? this.#reported(isFirst) : this.#live(this.#meeting)),
      ...this.#happenings.news(),
      ...this.#newDiagnoses(isOver && !this.#isOver),
      ...(isOver && !this.#isOver && { over: true }),
    };
    this.#looks++;
    this.#isOver = isOver;
    // Its time stands still once it is over.
    return isOver && !isFirst && Object.keys(news).length === 3 ? undefined : news;
  }

  #live(meeting: Meeting): Partial<MeetingNews> {
    const connections = this.#newConnections(meeting);
    const losses = this.#newLosses(meeting);
    const isOver = this.#bot.meeting !== meeting;
    return {
      ...(!isOver && this.#newParticipants(meeting)),
      ...(connections.length > 0 && { connections }),
      ...(losses.length > 0 && { losses }),
      ...this.#levels!.news(),
      ...this.#messages!.news(),
      ...(!isOver && this.#newFaults(meeting)),
    };
  }

  #newParticipants(meeting: Meeting): Partial<MeetingNews> {
    const status = meeting.session.status();
    const participants = status.map(
      ({ participant, state }, index): ParticipantNews => ({
        id: participant.id,
        name: participant.name,
        is_host: participant.is_host === true,
        present: meeting.isPresent(index),
        unmuted: meeting.isUnmuted(index),
        speaking: this.#happenings.isSpeaking(participant.id),
        connection: state,
        is_bot: meeting.own?.index === index,
      }),
    );
    const text = JSON.stringify(participants);
    const isNew = text !== this.#participants;
    this.#participants = text;
    return {
      ...(isNew && { participants }),
      levels: status.map(({ level, sent, dropped }) => [Math.round(level * 1_000) / 1_000, sent, dropped]),
    };
  }

  #newConnections({ session }: Meeting): ConnectionNews[] {
    const carried = new Map<ConnectionRecord, Set<number>>();
    for (const { connection, participant } of session.ledger.accounts) {
      if (participant === ENDPOINT_EVENTS) continue;
      let ids = carried.get(connection);
      if (ids === undefined) {
        ids = new Set();
        carried.set(connection, ids);
      }
      ids.add(session.participants[participant]!.id);
    }
    return session.ledger.connections
      .map((record) => connectionNews(record, [...(carried.get(record) ?? [])]))
      .filter((connection) => {
        const text = JSON.stringify(connection);
        if (this.#connections.get(connection.number) === text) return false;
        this.#connections.set(connection.number, text);
        return true;
      });
  }

  /** The last one told may have grown since. */
  #newLosses({ session }: Meeting): LossNews[] {
    return session.ledger.accounts.flatMap(({ participant, medium, missing }, account) => {
      if (participant === ENDPOINT_EVENTS || medium.name !== 'audio') return [];
      const first = this.#losses[account] ?? 0;
      const last = missing.at(-1);
      const endSample = last?.endSample ?? 0;
      if (last === undefined || this.#lossEnds[account] === endSample) return [];
      this.#losses[account] = missing.length - 1;
      this.#lossEnds[account] = endSample;
      return missing.slice(first).map((range, index) => ({
        key: `${account} ${first + index}`,
        participant: session.participants[participant]!.id,
        from_s: range.startSample / SAMPLE_RATE,
        to_s: range.endSample / SAMPLE_RATE,
      }));
    });
  }

  readonly #lossEnds: number[] = [];

  #newFaults({ session }: Meeting): Partial<MeetingNews> {
    const { faults } = session;
    const text = JSON.stringify(faults);
    if (text === this.#faults) return {};
    this.#faults = text;
    return { faults };
  }

  #newDiagnoses(isEnd: boolean): Partial<MeetingNews> {
    if (!isEnd && (this.#isOver || this.#looks % DIAGNOSE_EVERY !== 1)) return {};
    const { diagnoses } = this.#recording.report();
    const text = JSON.stringify(diagnoses);
    if (text === this.#diagnoses) return {};
    this.#diagnoses = text;
    return { diagnoses };
  }

  /** Of a recording that was over before anybody looked there is its report. */
  #reported(isFirst: boolean): Partial<MeetingNews> {
    if (!isFirst) return {};
    const { participants } = this.#recording.report();
    return {
      participants: participants.map(({ id, name }) => ({
        id,
        name,
        is_host: false,
        present: false,
        unmuted: false,
        speaking: false,
        connection: 'muted',
        is_bot: false,
      })),
      levels: participants.map(({ sent, dropped }) => [0, sent, dropped.total]),
      connections: participants.flatMap(({ id, connections }) =>
        connections.map(({ number, opened_s, closed_s, close_code, close_reason, error }) => ({
          number,
          participants: [id],
          opened_s,
          closed_s,
          close_code,
          close_reason,
          ended_by: error === null ? 'emulator' : 'receiver',
          error: error?.text ?? null,
          refusals: [],
        })),
      ),
    };
  }
}

function connectionNews(record: ConnectionRecord, participants: readonly number[]): ConnectionNews {
  return {
    ...connectionFacts(record),
    participants,
    refusals: record.dials.flatMap(({ failedSeconds, failure }) =>
      failedSeconds === null || failure === null ? [] : [{ at_s: failedSeconds, text: failure.text }],
    ),
  };
}
