/** Reports that go into a file that the user named. */
import { stat, writeFile } from 'node:fs/promises';
import { refusalOf } from '../files.ts';
import { plainText } from '../plain-text.ts';
import { tell } from './print.ts';

const MAX_PATH = 4_096;

/** Whether it could be made and written. Says so, or why not: what was played is not lost for a disk that is full. */
export async function writeReport(flag: string, file: string, make: () => Promise<string>): Promise<boolean> {
  const shown = plainText(file, MAX_PATH);
  let text: string;
  try {
    text = await make();
  } catch (error) {
    tell(`error: ${shown} was not written: ${plainText(textOf(error))}`);
    return false;
  }
  try {
    // A pipe that nobody reads would be waited for without end.
    if ((await stat(file).catch(() => undefined))?.isFIFO() === true) throw new Error('it is a pipe');
    await writeFile(file, text);
    tell(`wrote ${shown}`);
    return true;
  } catch (error) {
    const why = refusalOf(error) ?? plainText((error as Error).message);
    tell(`error: ${shown} cannot be written: ${why}. Give ${flag} another place.`);
    return false;
  }
}

function textOf(error: unknown): string {
  const { message, hint } = error as Error & { readonly hint?: string };
  return hint === undefined ? message : `${message} ${hint}`;
}
