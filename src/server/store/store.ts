/** The state of all bots, by every id that leads to them. Keeps nothing on disk itself: `onChange` is told what changed. */
import type {
  ArtifactKind,
  ArtifactRecord,
  BotRecord,
  BotState,
  RealtimeEndpointRecord,
  RecordingRecord,
} from './records.ts';

export class Store {
  readonly #bots = new Map<string, BotState>();
  readonly #recordings = new Map<string, BotState>();
  readonly #artifacts = new Map<string, BotState>();
  readonly #endpoints = new Map<string, BotState>();
  readonly #onChange: (state: BotState) => void;
  readonly #onRemove: (state: BotState) => void;

  constructor(
    onChange: (state: BotState) => void = () => {},
    onRemove: (state: BotState) => void = () => {},
  ) {
    this.#onChange = onChange;
    this.#onRemove = onRemove;
  }

  /** Takes a bot with all that is its own, new or from a data folder. */
  add(state: BotState): void {
    this.#bots.set(state.bot.id, state);
    this.changed(state.bot.id);
  }

  /** Something of this bot has changed: what is new is indexed, and kept. */
  changed(botId: string): void {
    const state = this.#bots.get(botId);
    if (state === undefined) return;
    for (const { id } of state.recordings) this.#recordings.set(id, state);
    for (const { id } of state.artifacts) this.#artifacts.set(id, state);
    for (const { id } of state.realtimeEndpoints) this.#endpoints.set(id, state);
    this.#onChange(state);
  }

  removeBot(id: string): void {
    const state = this.#bots.get(id);
    if (state === undefined) return;
    this.#bots.delete(id);
    for (const recording of state.recordings) this.#recordings.delete(recording.id);
    for (const artifact of state.artifacts) this.#artifacts.delete(artifact.id);
    for (const endpoint of state.realtimeEndpoints) this.#endpoints.delete(endpoint.id);
    this.#onRemove(state);
  }

  /** The bot that an id of any kind leads to. */
  ownerOf(id: string): BotState | undefined {
    return (
      this.#bots.get(id) ?? this.#recordings.get(id) ?? this.#artifacts.get(id) ?? this.#endpoints.get(id)
    );
  }

  state(botId: string): BotState | undefined {
    return this.#bots.get(botId);
  }

  /** Newest first, as the API lists them. */
  bots(): BotRecord[] {
    return this.#records().filter(({ sdkUpload }) => sdkUpload === undefined);
  }

  /** The same of SDK uploads. */
  uploads(): BotRecord[] {
    return this.#records().filter(({ sdkUpload }) => sdkUpload !== undefined);
  }

  states(): BotState[] {
    return [...this.#bots.values()];
  }

  recording(id: string): RecordingRecord | undefined {
    return this.#recordings.get(id)?.recordings.find((recording) => recording.id === id);
  }

  recordings(): RecordingRecord[] {
    return this.states()
      .flatMap(({ recordings }) => recordings)
      .reverse();
  }

  artifact(id: string): ArtifactRecord | undefined {
    return this.#artifacts.get(id)?.artifacts.find((artifact) => artifact.id === id);
  }

  artifacts(kind: ArtifactKind): ArtifactRecord[] {
    return this.states()
      .flatMap(({ artifacts }) => artifacts)
      .filter((artifact) => artifact.kind === kind)
      .reverse();
  }

  artifactOf(recording: RecordingRecord, kind: ArtifactKind): ArtifactRecord | undefined {
    const id = recording.artifactIds[kind];
    return id === undefined ? undefined : this.artifact(id);
  }

  endpoint(id: string): RealtimeEndpointRecord | undefined {
    return this.#endpoints.get(id)?.realtimeEndpoints.find((endpoint) => endpoint.id === id);
  }

  endpoints(): RealtimeEndpointRecord[] {
    return this.states()
      .flatMap(({ realtimeEndpoints }) => realtimeEndpoints)
      .reverse();
  }

  #records(): BotRecord[] {
    return [...this.#bots.values()].map(({ bot }) => bot).reverse();
  }
}
