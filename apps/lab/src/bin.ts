#!/usr/bin/env node
import { runLab } from './lab.js';

process.exitCode = await runLab(process.argv.slice(2), {
  writeOut: (text) => void process.stdout.write(text),
  writeError: (text) => void process.stderr.write(text),
});
