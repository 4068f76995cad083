import { DirectoryRunStorage } from '../node/directory-run-storage.js';
import { train } from '../train.js';
import { corridorConfig } from './run-config.js';
import { corridorRun } from './runs.js';

/**
 * Trains in the directory of the first argument, resuming when the second is `resume`, with a lock that expires after
 * the seconds of the third; prints the final values.
 */
const [directory, mode, expiry] = process.argv.slice(2) as [string, string, string?];
const storage = await DirectoryRunStorage[mode === 'resume' ? 'resume' : 'create'](
  directory,
  corridorConfig(),
  expiry === undefined ? {} : { lockExpirySeconds: Number(expiry) },
);
const options = corridorRun({ storage, resume: mode === 'resume', steps: 6000, checkpointEvery: 20 });
await train({ ...options, listeners: [({ type }) => process.stdout.write(`${type}\n`)] });
await storage.close();
process.stdout.write(`${JSON.stringify([...options.agent.values])}\n`);
