/** Which commands there are, in the order of the help. Each makes a new one: whoever parses a command changes it. */
import type { Command } from 'commander';
import { checkCommand } from './check.ts';
import { compareCommand } from './compare.ts';
import { execCommand } from './exec.ts';
import { generateCommand } from './generate.ts';
import { importCommand } from './import.ts';
import { inboxCommand } from './inbox.ts';
import { initCommand } from './init.ts';
import { loadCommand } from './load.ts';
import { playCommand } from './play.ts';
import { recordCommand } from './record.ts';
import { schemaCommand } from './schema.ts';
import { serveCommand } from './serve.ts';
import { traceCommand } from './trace.ts';
import { triggerCommand } from './trigger.ts';
import { truthCommand } from './truth.ts';
import { validateCommand } from './validate.ts';

export const COMMANDS: readonly (() => Command)[] = [
  playCommand,
  checkCommand,
  serveCommand,
  execCommand,
  triggerCommand,
  inboxCommand,
  loadCommand,
  recordCommand,
  generateCommand,
  importCommand,
  validateCommand,
  compareCommand,
  traceCommand,
  truthCommand,
  schemaCommand,
  initCommand,
];
