import { run } from '../run.js';
import type { FuzzDocument, FuzzOutcome } from './document.js';

/** How much text of each stream to keep: enough to judge an answer and to print a failure. */
const KEPT = 2_000_000;

process.on('message', async ({ args, input = '' }: FuzzDocument) => {
  let out = '';
  let err = '';
  const exitCode = await run(args, {
    writeOut: (text) => {
      out += text;
    },
    writeError: (text) => {
      err += text;
    },
    readInput: async () => input,
    workingDirectory: process.cwd(),
    terminalColumns: 80,
    screen: undefined,
    onInterrupt: () => () => {},
    exitNow: (code) => {
      throw new Error(`exited with ${code}`);
    },
  });
  const outcome: FuzzOutcome = {
    exitCode,
    out: out.slice(0, KEPT),
    err: err.slice(0, KEPT),
    memory: process.resourceUsage().maxRSS * 1024,
  };
  process.send!(outcome);
});
process.send!('ready');
