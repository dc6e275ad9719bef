/** Causes, under a verdict: what it is, what shows it, what to do. */
import type { Diagnosis } from '../emulator/diagnosis.ts';
import { wrap } from './layout.ts';

/** A run has one or two; a load test at a receiver with many faults may have more than a screen holds. */
const MAX_SHOWN = 5;

/** `bots`: how many it befell, where there are many. */
export function diagnosisLines(
  diagnoses: readonly (Diagnosis & { readonly bots?: number })[],
  width: number,
): string[] {
  const more = diagnoses.length - MAX_SHOWN;
  return [
    ...diagnoses.slice(0, MAX_SHOWN).flatMap((each) => linesOf(each, width)),
    ...(more > 0 ? [`  and ${more} more; --json has them all`] : []),
  ];
}

function linesOf(
  { code, certainty, text, evidence, remedy, bots }: Diagnosis & { readonly bots?: number },
  width: number,
): string[] {
  const head = code === 'unknown' ? '' : certainty === 'likely' ? 'likely cause: ' : 'cause: ';
  const many = bots === undefined || bots === 1 ? '' : ` (${bots} bots)`;
  const stop = /[.?!]$/.test(text) && many === '' ? '' : '.';
  return [
    ...wrap(`  ${head}${text}${many}${stop}`, width, 4),
    ...evidence.flatMap((fact) => wrap(`    - ${fact}`, width, 6)),
    ...wrap(`    → ${remedy}`, width, 6),
  ];
}
