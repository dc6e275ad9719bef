/** Every case, in the order in which they are played. Adding one is adding a file and a line. */
import type { Case } from '../case.ts';
import { basicOneSpeaker } from './basic-one-speaker.ts';
import { muteOffAndOn } from './mute-off-and-on.ts';
import { namesEqual } from './names-equal.ts';

export const CASES: readonly Case[] = [basicOneSpeaker, muteOffAndOn, namesEqual];
