/**
 * The one table of flags, in groups. A command picks those it has by name; each flag has the same words, the same reader and the
 * same default wherever it stands. Defaults are printed here and applied by the library: no command has a value of its own.
 */
import type { Flag } from './flag.ts';
import { CHECK_FLAGS } from './flags/check.ts';
import { IMPORT_FLAGS } from './flags/import.ts';
import { INBOX_FLAGS } from './flags/inbox.ts';
import { LOAD_FLAGS } from './flags/load.ts';
import { MEETING_FLAGS } from './flags/meeting.ts';
import { OUTPUT_FLAGS } from './flags/output.ts';
import { SENDING_FLAGS } from './flags/sending.ts';
import { SERVER_FLAGS } from './flags/server.ts';
import { TRIGGER_FLAGS } from './flags/trigger.ts';

/** What `--help` shows them under. */
const HEADINGS = [
  ['Meeting:', MEETING_FLAGS],
  ['Sending:', SENDING_FLAGS],
  ['Load:', LOAD_FLAGS],
  ['Server:', SERVER_FLAGS],
  ['Check:', CHECK_FLAGS],
  ['Message:', TRIGGER_FLAGS],
  ['Webhooks:', INBOX_FLAGS],
  ['Recall:', IMPORT_FLAGS],
  ['Output:', OUTPUT_FLAGS],
] as const;

/** By the name under which commander hands over the value. */
export const FLAGS = {
  ...MEETING_FLAGS,
  ...SENDING_FLAGS,
  ...LOAD_FLAGS,
  ...SERVER_FLAGS,
  ...CHECK_FLAGS,
  ...TRIGGER_FLAGS,
  ...INBOX_FLAGS,
  ...IMPORT_FLAGS,
  ...OUTPUT_FLAGS,
} as const;

export function headingOf(name: FlagName): string {
  return HEADINGS.find(([, flags]) => name in flags)![0];
}

export type FlagName = keyof typeof FLAGS;
type ValueOf<Each> = Each extends Flag<infer Value, string | undefined> ? Value : never;
type OptionOf<Each> = Each extends { readonly option: infer Name extends string } ? Name : never;

/** What commander hands over: every flag may be missing. */
export type FlagValues<Name extends FlagName> = {
  readonly [Each in Name]?: ValueOf<(typeof FLAGS)[Each]> | undefined;
};

/** The same by the library's names; without what only the command line has. */
export type OptionValues<Name extends FlagName> = {
  readonly [Each in Name as OptionOf<(typeof FLAGS)[Each]>]?: ValueOf<(typeof FLAGS)[Each]> | undefined;
};
