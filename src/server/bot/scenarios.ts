/**
 * Which meeting a bot plays: the one its metadata names, the one a rule has for its meeting URL, the one given at the
 * start, or else a generated one of bounded length.
 */

import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { dirname, isAbsolute, relative, resolve } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { sharedSpeech } from '../../audio/shared-speech.ts';
import type { AudioSource } from '../../audio/source.ts';
import { scenarioFaults } from '../../emulator/faults/read.ts';
import type { DrawPictures } from '../../emulator/pictures.ts';
import { EmulatorError, InvalidInputError, UsageError } from '../../errors.ts';
import type { CreateBot } from '../../protocol/rest/bot-requests.ts';
import { compileScenario } from '../../scenario/compile.ts';
import { generateMeeting } from '../../scenario/generate.ts';
import {
  builtInScenario,
  isBuiltInName,
  type MeetingSource,
  type OpenedMeeting,
  openMeeting,
  scenarioFile,
} from '../../scenario/open.ts';
import type { ClientFiles } from './client-files.ts';
import { MODE_METADATA, modeOf } from './connection-mode.ts';
import { COURSE_METADATA, COURSE_NAMES, type Course, courseAskedBy, courseNamed } from './courses.ts';
import { DOWNLOAD_FAULT_METADATA, faultAskedBy } from './download-faults.ts';
import { Refusal } from './refusal.ts';
import { matchesWildcard } from './wildcard.ts';

/** Its name is the file, or `generated`. */
export interface ChosenMeeting extends OpenedMeeting {
  /** For a bot that gets separate video of it. */
  readonly drawPictures?: DrawPictures | undefined;
  /** What a bot that is heard says as soon as it records. */
  readonly greeting?: AudioSource | undefined;
}

export interface ScenarioChoices {
  /** What plays when nothing else decides: a file, a scenario or a timeline. */
  readonly scenario?: MeetingSource | undefined;
  /** What every bot meets that nothing else is said of: `denied`. */
  readonly course?: string | undefined;
  /** YAML file of rules: `- meeting_url: "*zoom.us/j/123*"` with `scenario: file`. */
  readonly rules?: string | undefined;
  /** Metadata may name scenarios below this folder only. */
  readonly scenarioDir: string;
  readonly clientFiles: ClientFiles;
  readonly seed: number;
  readonly generated: { readonly participants: number; readonly durationSeconds: number };
}

/** The bot's metadata that names a scenario. */
const SCENARIO_METADATA = 'recall_emulator_scenario';

/** Which metadata a mistake is in. */
function mistakenMetadata({ code }: EmulatorError): string {
  if (code === 'invalid_download_fault') return DOWNLOAD_FAULT_METADATA;
  if (code === 'unknown_connections') return MODE_METADATA;
  return code === 'unknown_course' ? COURSE_METADATA : SCENARIO_METADATA;
}

/** What is wrong with metadata of a bot, as an answer to its request. Anything but a user's mistake stays as it is. */
export function scenarioMistake(error: unknown): unknown {
  if (!(error instanceof EmulatorError)) return error;
  return new Refusal(400, { metadata: { [mistakenMetadata(error)]: error.message.split('\n') } });
}

const rulesSchema = z.array(
  z
    .strictObject({
      meeting_url: z.string().min(1),
      scenario: z.string().min(1).optional(),
      course: z.enum(COURSE_NAMES).optional(),
    })
    .refine(({ scenario, course }) => scenario !== undefined || course !== undefined, {
      error: 'A scenario, a course or both are missing',
      path: ['scenario'],
    }),
);

interface Rule {
  /** Of meeting URLs; `*` stands for anything. */
  readonly pattern: string;
  readonly file: string | undefined;
  readonly course: Course | undefined;
}

export class ScenarioChooser {
  readonly #choices: ScenarioChoices;
  readonly #rules: readonly Rule[];
  readonly #speech = sharedSpeech();
  readonly #course: Course | undefined;

  /** Reads the rules, and the default scenario once so that its mistakes are told at the start. */
  static async create(choices: ScenarioChoices): Promise<ScenarioChooser> {
    const chooser = new ScenarioChooser(
      choices,
      choices.rules === undefined ? [] : await readRules(choices.rules),
    );
    if (choices.scenario !== undefined) await chooser.#default();
    for (const { file } of chooser.#rules) if (file !== undefined) await chooser.#open(file);
    return chooser;
  }

  private constructor(choices: ScenarioChoices, rules: readonly Rule[]) {
    this.#choices = choices;
    this.#rules = rules;
    this.#course = choices.course === undefined ? undefined : courseNamed(choices.course);
  }

  /**
   * `given`: a file in place of what the request says. Throws a `UsageError` or an `InvalidInputError` for a scenario that metadata names
   * and that cannot be played, and for a course or a fault of downloads that there is not.
   */
  async choose(request: CreateBot, given?: string): Promise<ChosenMeeting> {
    const { meeting_url, metadata } = request;
    faultAskedBy(request);
    // What cannot be is told when it is asked for.
    modeOf(request);
    const rule = this.#rules.find(({ pattern }) => matchesWildcard(pattern, meeting_url));
    const course = courseAskedBy(request) ?? rule?.course ?? this.#course;
    const meeting =
      course?.scenario === undefined
        ? await (given === undefined
            ? this.#scenarioOf(meeting_url, metadata?.[SCENARIO_METADATA], rule)
            : this.#open(given))
        : await this.#open(course.scenario());
    return course?.bot === undefined ? meeting : { ...meeting, bot: { ...meeting.bot, ...course.bot } };
  }

  async #scenarioOf(
    meetingUrl: string,
    named: string | null | undefined,
    rule: Rule | undefined,
  ): Promise<ChosenMeeting> {
    if (named != null) {
      const load = async (): Promise<ChosenMeeting> => this.#open(this.#namedFile(named));
      return this.#choices.clientFiles.guarded(named, 'scenario', load);
    }
    if (rule?.file !== undefined) return this.#open(rule.file);
    if (this.#choices.scenario !== undefined) return this.#default();
    return this.#generated(meetingUrl);
  }

  async #default(): Promise<ChosenMeeting> {
    return this.#open(this.#choices.scenario!);
  }

  /** A built-in name, or a file below the scenario folder and nowhere else: the name comes from a client. */
  #namedFile(name: string): string {
    if (isBuiltInName(name)) return builtInScenario(name);
    const { scenarioDir } = this.#choices;
    const file = resolve(scenarioDir, name);
    const inside = relative(resolve(scenarioDir), file);
    if (inside.startsWith('..') || isAbsolute(inside) || !/\.(ya?ml|json|ndjson)$/.test(file)) {
      throw new UsageError('scenario_outside', `"${name}" is not a scenario below ${scenarioDir}.`, {
        hint: 'Name a YAML or JSON file in it; which folder that is, the server was told at its start.',
      });
    }
    return file;
  }

  async #generated(meetingUrl: string): Promise<ChosenMeeting> {
    const { seed, generated } = this.#choices;
    // The same meeting for the same URL.
    const digest = createHash('sha256').update(`${seed} ${meetingUrl}`).digest();
    const scenario = await generateMeeting({ ...generated, seed: digest.readUInt32LE(0) >>> 1 });
    return {
      name: 'generated',
      timeline: await compileScenario(scenario, { speech: this.#speech }),
      bot: {},
    };
  }

  /** What is wrong with its faults is told here, and not when its recording begins. */
  async #open(source: MeetingSource): Promise<OpenedMeeting> {
    const meeting = await openMeeting(source, { speech: this.#speech });
    scenarioFaults(meeting.timeline.faults);
    return meeting;
  }
}

async function readRules(file: string): Promise<readonly Rule[]> {
  let value: unknown;
  try {
    value = parse(await readFile(file, 'utf8'));
  } catch (error) {
    throw new UsageError(
      'rules_unreadable',
      `${file} cannot be read: ${(error as Error).message.split('\n')[0]}.`,
      {
        hint: 'It is a YAML list of meeting_url and scenario.',
      },
    );
  }
  const result = rulesSchema.safeParse(value);
  if (!result.success) {
    throw new InvalidInputError(
      'invalid_rules',
      result.error.issues.map((issue) => ({
        code: 'invalid_rule',
        message: `${issue.message}.`,
        hint: 'A rule has meeting_url (a pattern with *), and scenario (a file), course or both.',
        location: { file, path: issue.path.map(String).join('.') },
      })),
    );
  }
  return result.data.map(({ meeting_url, scenario, course }) => ({
    pattern: meeting_url,
    file: scenario === undefined ? undefined : scenarioFile(scenario, dirname(resolve(file))),
    course: course === undefined ? undefined : courseNamed(course),
  }));
}
