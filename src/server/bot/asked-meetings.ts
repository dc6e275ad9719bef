/** Which meeting a request leads to, for bots and for SDK uploads, and whether what it asks for can be at all. */
import { loadPictures } from '../../emulator/pictures.ts';
import type { CreateBot, UpdateBot } from '../../protocol/rest/bot-requests.ts';
import { parseMeetingUrl } from '../../protocol/rest/meeting-url.ts';
import { checkAskedUrls } from './asked-urls.ts';
import { greetingOf } from './bot-voice.ts';
import type { BotContext } from './context.ts';
import { hasSeparateVideo } from './platforms.ts';
import { type ChosenMeeting, type ScenarioChooser, scenarioMistake } from './scenarios.ts';

/** What is known of a bot or an upload before it is made, where somebody writes its history. */
export interface GivenBefore {
  readonly id?: string | undefined;
  /** A file in place of what the request says. */
  readonly scenario?: string | undefined;
}

export class AskedMeetings {
  readonly #context: BotContext;
  readonly #chooser: ScenarioChooser;
  readonly #strictUrls: boolean;

  /** `strictUrls`: 400 for a WebSocket URL without `/` before its query, which is only told otherwise. */
  constructor(context: BotContext, chooser: ScenarioChooser, strictUrls: boolean) {
    this.#context = context;
    this.#chooser = chooser;
    this.#strictUrls = strictUrls;
  }

  /** `scenario`: a file in place of what the request says. Throws what is wrong with it as it is. */
  async of(request: CreateBot, scenario?: string): Promise<ChosenMeeting> {
    const meeting = {
      ...(await this.#chooser.choose(request, scenario)),
      greeting: await greetingOf(request),
    };
    if (request.recording_config?.video_separate_png == null) return meeting;
    const { platform } = parseMeetingUrl(request.meeting_url)!;
    if (hasSeparateVideo(platform)) return { ...meeting, drawPictures: await loadPictures() };
    this.#context.activity.warnOnce(`no pictures: separate video is not available on ${platform}`);
    return meeting;
  }

  /** The same, where a client waits for it. Throws a `Refusal` (400) for a scenario that cannot be played. */
  async askedFor(request: CreateBot, scenario?: string): Promise<ChosenMeeting> {
    try {
      return await this.of(request, scenario);
    } catch (error) {
      throw scenarioMistake(error);
    }
  }

  /** Throws a `Refusal` (400) for a URL that the docs do not allow, or tells of it. */
  checkUrls(request: CreateBot | UpdateBot): void {
    const { docs, activity } = this.#context;
    checkAskedUrls(request, this.#strictUrls && docs === 'current', (text) => activity.warnOnce(text));
  }
}
