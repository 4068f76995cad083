#!/usr/bin/env node
import { exitCodes } from './errors/exit-codes.js';
import { lostOutput, processIo } from './process/process-io.js';
import { run } from './run.js';

// Nothing is left to do, but the command has not ended: Node would exit silently.
const abandoned = () => {
  process.off('beforeExit', abandoned);
  process.exitCode = exitCodes.failure;
  import('./errors/unsettled.js').then(({ reportUnsettled }) => {
    process.exitCode = reportUnsettled(process.argv, processIo);
  });
};
process.on('beforeExit', abandoned);

run(process.argv.slice(2), processIo).then(async (exitCode) => {
  const lost = await lostOutput();
  process.off('beforeExit', abandoned);
  process.exitCode = exitCode;
  if (lost === undefined) return;
  processIo.writeError(`maxent: cannot write the answer to standard output (${lost}); it is incomplete.\n`);
  if (exitCode === exitCodes.success) process.exitCode = exitCodes.failure;
});
