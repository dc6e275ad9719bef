/** Folders for what tests record, gone after them. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

const root = mkdtempSync(join(tmpdir(), 'node-receiver-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

export function newFolder(): string {
  return mkdtempSync(join(root, 'run-'));
}
