import { createInterface } from 'node:readline';
import type { SoftActorCritic } from '@maxent/agents';
import { selectBackend } from '@maxent/backend';
import { type GradientSteps, gradientStepsOf } from '../sac-update/gradient-steps.js';
import { makeAgent } from '../sac-update/workload.js';
import type { UpdateDescription, UpdateMeasurement, UpdateRequest } from './protocol.js';

/**
 * One side of `lab bench sac-update-since`; see `protocol.ts`. It is built here and copied into the earlier commit, so
 * that both sides do the same work, each with the packages that lie around it.
 */

const SEED = 1;
const WARM_MILLISECONDS = 1000;

const { simd } = await selectBackend({ prefer: 'wasm', kernels: 'wasm' });
let agent: SoftActorCritic | undefined;
let steps: GradientSteps | undefined;

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(reply(JSON.parse(line) as UpdateRequest))}\n`);
}

function reply(request: UpdateRequest): UpdateDescription | UpdateMeasurement | object {
  switch (request.command) {
    case 'describe':
      return { simd } satisfies UpdateDescription;
    case 'prepare':
      agent?.dispose();
      agent = makeAgent(request.sizes, SEED);
      steps = gradientStepsOf(agent, request.sizes);
      steps.warm(WARM_MILLISECONDS, Math.min(request.updates, 3));
      return {};
    case 'measure':
      return { milliseconds: measure(request.updates) } satisfies UpdateMeasurement;
  }
}

/** Of the processor: what else the machine does counts less than on the clock. */
function measure(updates: number): number {
  const before = process.cpuUsage();
  steps!.measure(updates);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000 / updates;
}
