#!/usr/bin/env node
import { tuneEngine } from '../sim/tune-engine.ts';
import { runCommandLine } from './command-line.ts';

tuneEngine();
process.exitCode = await runCommandLine(process.argv.slice(2));
