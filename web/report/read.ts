/** The report that this page carries. */
import type { CheckReport } from '../../src/check/report.ts';

/** Undefined when nobody has put one in. */
export function readReport(): CheckReport | undefined {
  const text = document.getElementById('report')?.textContent ?? '';
  return text.trim() === '' ? undefined : (JSON.parse(text) as CheckReport);
}
