import { createInterface } from 'node:readline';
import { loadMujoco } from '@maxent/mujoco';
import { versionOf } from '../../machine.js';
import { measureOverhead } from './overhead.js';
import type { EnvsRequest } from './protocol.js';
import { makeStepper, type Stepper } from './steppers.js';

/** Our side of `lab bench envs`, see `protocol.ts`. */

const steppers = new Map<string, Stepper>();

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(await reply(JSON.parse(line) as EnvsRequest))}\n`);
}
await closeAll();

async function reply(request: EnvsRequest): Promise<object> {
  switch (request.command) {
    case 'describe':
      return {
        versions: {
          node: process.versions.node,
          v8: process.versions.v8,
          '@maxent/envs': versionOf('@maxent/envs'),
          '@maxent/mujoco': versionOf('@maxent/mujoco'),
          '@mujoco/mujoco': (await loadMujoco()).mj_versionString(),
        },
      };
    case 'step': {
      const name = `${request.environments} x ${request.id} ${request.arrangement}`;
      const stepper = steppers.get(name) ?? (await makeStepper(request));
      steppers.set(name, stepper);
      return stepFor(request.seconds, stepper);
    }
    case 'overhead':
      return measureOverhead(request.id);
    case 'close':
      await closeAll();
      return {};
  }
}

async function stepFor(duration: number, stepper: Stepper): Promise<{ steps: number; seconds: number }> {
  const start = performance.now();
  let steps = 0;
  let seconds = 0;
  while (seconds < duration) {
    steps += await stepper.advance();
    seconds = (performance.now() - start) / 1000;
  }
  return { steps, seconds };
}

async function closeAll(): Promise<void> {
  for (const stepper of steppers.values()) await stepper.close();
  steppers.clear();
}
