#!/usr/bin/env node
/** The command line's entry. All that it runs is a module beside it, which the bundle can put into other files. */
import { runProgram } from './program.ts';

await runProgram();
