/** Everything a command prints in lines of its own. What the library says of its options is said of flags here. */
import { inFlags } from './flags.ts';

/** On stdout: what the user came for. */
export function print(text: string): void {
  console.log(inFlags(text));
}

/** On stderr: progress, warnings and errors. */
export function tell(text: string): void {
  console.error(inFlags(text));
}
