#!/usr/bin/env node
import { runProgram } from './cli/run-program.ts';

const exitCode = await runProgram(process.argv);
// After a failure, what is still open would keep the process from ending.
if (exitCode !== 0) process.exit(exitCode);
