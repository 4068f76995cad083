import { SyncVectorEnvironment } from '@maxent/envs';
import { DirectoryRunStorage } from '../node/directory-run-storage.js';
import { train } from '../train.js';
import { StatefulCorridor } from './corridor.js';
import { corridorConfig } from './run-config.js';
import { corridorRun } from './runs.js';

/**
 * Trains in the directory of the first argument, resuming when the second is `resume`, with a lock that expires after
 * the seconds of the third, in as many environments as the fourth says; prints the final values.
 */
const [directory, mode, expiry, environments] = process.argv.slice(2) as [string, string, string?, string?];
const storage = await DirectoryRunStorage[mode === 'resume' ? 'resume' : 'create'](
  directory,
  corridorConfig(),
  expiry === undefined || expiry === '' ? {} : { lockExpirySeconds: Number(expiry) },
);
const options = corridorRun({ storage, resume: mode === 'resume', steps: 6000, checkpointEvery: 20 });
const environment =
  environments === undefined
    ? options.environment
    : await SyncVectorEnvironment.create(() => new StatefulCorridor(), Number(environments));
await train({ ...options, environment, listeners: [({ type }) => process.stdout.write(`${type}\n`)] });
await storage.close();
process.stdout.write(`${JSON.stringify([...options.agent.values])}\n`);
