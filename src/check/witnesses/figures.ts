/**
 * What the receiver's process takes while a case is played: memory, CPU and open descriptors, of it and of what it started.
 * Reads from outside, a few times a second, and never waits for anything: what cannot be read is left out.
 */
import { readdir, readFile } from 'node:fs/promises';
import pidusage from 'pidusage';

export interface ProcessSample {
  /** Wall seconds since the case began. */
  readonly atSeconds: number;
  /** How many rounds of the case were over by then; one is taken right after each. */
  readonly roundsOver: number;
  /** Resident memory. */
  readonly rssBytes: number;
  /** Of one core, since the sample before; null of the first. */
  readonly cpuPercent: number | null;
  /** Open files and sockets; null where the system does not tell (it does on Linux). */
  readonly descriptors: number | null;
}

const EVERY_MS = 250;
/** Of one case. When there are more, every other one goes, and they are taken half as often from then on. */
const MAX_SAMPLES = 240;
/** Of a process and what it started. */
const MAX_PROCESSES = 32;

/** One case. `pid`: of the process that runs at the moment, if one does. */
export class FigureWatch {
  readonly #pid: () => number | undefined;
  readonly #startMs = performance.now();
  readonly #samples: ProcessSample[] = [];
  #roundsOver = 0;
  #everyMs = EVERY_MS;
  #lastCpuMs: number | undefined;
  #lastMs = 0;
  #timer: NodeJS.Timeout | undefined;
  #ended = false;

  constructor(pid: () => number | undefined) {
    this.#pid = pid;
  }

  /** Takes the first sample; others follow by themselves until `end`. */
  async begin(): Promise<void> {
    await this.#sample();
    this.#sampleLater();
  }

  async roundOver(): Promise<void> {
    this.#roundsOver++;
    await this.#sample();
  }

  end(): readonly ProcessSample[] {
    this.#ended = true;
    clearTimeout(this.#timer);
    pidusage.clear();
    return this.#samples;
  }

  #sampleLater(): void {
    if (this.#ended) return;
    this.#timer = setTimeout(() => void this.#sample().then(() => this.#sampleLater()), this.#everyMs);
  }

  async #sample(): Promise<void> {
    const pid = this.#pid();
    if (pid === undefined) return;
    const figures = await figuresOf(await withChildren(pid));
    if (figures === undefined || this.#ended) return;
    const { rssBytes, cpuMs, descriptors } = figures;
    const nowMs = performance.now();
    const usedMs = this.#lastCpuMs === undefined ? undefined : Math.max(0, cpuMs - this.#lastCpuMs);
    this.#samples.push({
      atSeconds: (nowMs - this.#startMs) / 1_000,
      roundsOver: this.#roundsOver,
      rssBytes,
      cpuPercent: usedMs === undefined ? null : (usedMs * 100) / Math.max(1, nowMs - this.#lastMs),
      descriptors,
    });
    this.#lastCpuMs = cpuMs;
    this.#lastMs = nowMs;
    if (this.#samples.length > MAX_SAMPLES) this.#thin();
  }

  /** The last one before each end of a round stays. */
  #thin(): void {
    this.#everyMs *= 2;
    const kept = this.#samples.filter(
      ({ roundsOver }, index) => index % 2 === 0 || this.#samples[index + 1]?.roundsOver !== roundsOver,
    );
    this.#samples.splice(0, this.#samples.length, ...kept);
  }
}

async function figuresOf(
  pids: readonly number[],
): Promise<{ rssBytes: number; cpuMs: number; descriptors: number | null } | undefined> {
  const each = await Promise.all(pids.map((pid) => pidusage(pid).catch(() => undefined)));
  const there = each.filter((figures) => figures !== undefined);
  // The process itself is gone.
  if (each[0] === undefined) return undefined;
  const descriptors = await Promise.all(pids.map(descriptorsOf));
  return {
    rssBytes: there.reduce((sum, { memory }) => sum + memory, 0),
    cpuMs: there.reduce((sum, { ctime }) => sum + ctime, 0),
    descriptors:
      descriptors[0] === undefined ? null : descriptors.reduce<number>((sum, count) => sum + (count ?? 0), 0),
  };
}

async function descriptorsOf(pid: number): Promise<number | undefined> {
  return (await readdir(`/proc/${pid}/fd`).catch(() => undefined))?.length;
}

/** A shell or `npm` is not what serves: what it started counts, too. Linux says what that is; elsewhere it is left out. */
async function withChildren(pid: number): Promise<readonly number[]> {
  const all = [pid];
  for (const each of all) {
    if (all.length >= MAX_PROCESSES) break;
    const text = await readFile(`/proc/${each}/task/${each}/children`, 'utf8').catch(() => '');
    all.push(...text.split(' ').filter(Boolean).map(Number));
  }
  return all.slice(0, MAX_PROCESSES);
}
