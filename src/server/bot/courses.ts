/**
 * Named courses: what a bot may meet, in one word. Some are of the bot, and change how the call goes of whatever it plays; some are
 * of the meeting, and are played in its place.
 */
import { UsageError } from '../../errors.ts';
import { plainText } from '../../plain-text.ts';
import type { CreateBot } from '../../protocol/rest/bot-requests.ts';
import { meeting } from '../../scenario/builder.ts';
import { builtInScenario, type MeetingSource } from '../../scenario/open.ts';
import type { ScenarioBot } from '../../scenario/schema.ts';

export interface Course {
  /** In place of what the scenario says of the bot. */
  readonly bot?: ScenarioBot;
  /** In place of the scenario. */
  readonly scenario?: () => MeetingSource;
}

const COURSES = {
  /** The host does not let the bot record. */
  denied: { bot: { recording_permission: 'denied' } },
  /** The host removes the bot, at the end of the scenario. */
  kicked: { bot: { call_ended_sub_code: 'bot_kicked_from_call' } },
  /** Nobody lets the bot in for a day: it leaves by its `automatic_leave`. */
  waiting_room_timeout: { bot: { delays: { in_waiting_room: '24h' } } },
  /** The bot fails five seconds into its recording. */
  fatal: { bot: { fatal: { in: 'in_call_recording', after: '5s', sub_code: 'bot_errored' } } },
  /** Ada leaves and comes back, and so does her connection. */
  rejoin: {
    scenario: () =>
      meeting({ title: 'Rejoin', duration: 30 })
        .participant({ id: 100, name: 'Ada' }, (ada) =>
          ada
            .join(0)
            .unmute(1)
            .speak(2, { duration: 5 })
            .leave(10)
            .join(16)
            .unmute(17)
            .speak(18, { duration: 5 }),
        )
        .participant({ id: 200, name: 'Bo' }, (bo) => bo.join(0).unmute(0).speak(11, { duration: 4 }))
        .build(),
  },
  /** For a minute nobody has a microphone open. */
  silent_minute: {
    scenario: () =>
      meeting({ title: 'Silent minute', duration: 80 })
        .participant({ id: 100, name: 'Ada' }, (ada) =>
          ada.unmute(0).speak(1, { duration: 4 }).mute(10).unmute(70).speak(71, { duration: 4 }),
        )
        .participant({ id: 200, name: 'Bo' }, (bo) => bo.unmute(0).speak(6, { duration: 3 }).mute(10))
        .build(),
  },
  /** Two people are there with closed microphones for an hour: what they do is done by hand. */
  by_hand: {
    scenario: () =>
      meeting({ title: 'By hand', duration: 3_600 })
        .participant({ id: 100, name: 'Ada', is_host: true })
        .participant({ id: 200, name: 'Bo' })
        .build(),
  },
  /** Everything that receivers stumble over, in one meeting. */
  nasty: { scenario: () => builtInScenario('nasty') },
} as const satisfies Record<string, Course>;

type CourseName = keyof typeof COURSES;

export const COURSE_NAMES = Object.keys(COURSES) as [CourseName, ...CourseName[]];

/** The bot's metadata that names a course. */
export const COURSE_METADATA = 'recall_emulator_course';
/** In front of a course in a bot's name. */
const COURSE_PREFIX = 'course:';

/** The course that a bot asks for, by its metadata or its name. Throws a `UsageError` (`unknown_course`). */
export function courseAskedBy({ metadata, bot_name }: CreateBot): Course | undefined {
  const byName = bot_name?.startsWith(COURSE_PREFIX)
    ? bot_name.slice(COURSE_PREFIX.length).trim()
    : undefined;
  const name = metadata?.[COURSE_METADATA] ?? byName;
  return name == null ? undefined : courseNamed(name);
}

/** Throws a `UsageError` (`unknown_course`). */
export function courseNamed(name: string): Course {
  if (Object.hasOwn(COURSES, name)) return COURSES[name as CourseName];
  throw new UsageError('unknown_course', `"${plainText(name, 100)}" is not a course.`, {
    hint: `The courses are ${COURSE_NAMES.join(', ')}.`,
  });
}
