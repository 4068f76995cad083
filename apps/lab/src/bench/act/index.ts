import { SoftActorCritic, softActorCriticConfig } from '@maxent/agents';
import { selectBackend } from '@maxent/backend';
import { Box, Rng } from '@maxent/core';
import { encodePolicy, readPolicy, type TrainedPolicy } from '@maxent/policy';
import { broken } from '../../checks.js';
import { describeMachine, describeVersions, versionOf } from '../../machine.js';
import type { BenchAnswer, Benchmark, BenchOptions } from '../benchmark.js';
import { type Contender, measureInterleaved } from '../interleave.js';

const OBSERVATIONS = 17;
const ACTIONS = 6;
const HIDDEN = [256, 256];
const ROUNDS = 15;
const CALLS = 2_000;
const WARM_RUNS = 3;

/** Limits in microseconds for one action, with the kernel and with the plain loop. */
const LIMITS = { kernel: 25, plain: 150 };

type NumberPolicy = TrainedPolicy<ArrayLike<number>, Float32Array>;

/** `lab bench act`: one action of a policy file, next to the agent that it was made from. */
export const act: Benchmark = {
  description: 'One action of a policy of two layers of 256, with its kernel and in plain JavaScript',
  run,
};

async function run({ progress }: BenchOptions): Promise<BenchAnswer> {
  const report = await selectBackend({ prefer: 'wasm' });
  const box = (size: number) => new Box({ low: -1, high: 1, shape: [size] });
  const agent = new SoftActorCritic(
    { observationSpace: box(OBSERVATIONS), actionSpace: box(ACTIONS), rng: Rng.fromSeed(1).split('agent') },
    softActorCriticConfig.parse({ hiddenSizes: HIDDEN, learningStarts: 0, replayCapacity: 1_000 }),
  );
  try {
    const file = encodePolicy(agent.describePolicy());
    const withKernel = readPolicy(file) as NumberPolicy;
    const plain = withoutWebAssembly(() => readPolicy(file) as NumberPolicy);
    const rng = Rng.fromSeed(2);
    const observation = Float32Array.from({ length: OBSERVATIONS }, () => rng.normal());
    const sampling = Rng.fromSeed(3);
    const contenders = [
      contender('policy, with the kernel', () => withKernel.act(observation)),
      contender('policy, in plain JavaScript', () => plain.act(observation)),
      contender('policy, with the kernel, a sample', () =>
        withKernel.act(observation, { deterministic: false, rng: sampling }),
      ),
      contender('agent, on wasm', () => agent.act(observation, { deterministic: true })),
    ];
    const rows = await measureInterleaved(contenders, { rounds: ROUNDS, progress });
    const [kernelTime, plainTime, , agentTime] = rows.map(({ median }) => median) as [
      ...[number, number, number, number],
    ];
    return {
      name: 'act',
      machine: describeMachine(report),
      versions: { ...describeVersions(), '@maxent/policy': versionOf('@maxent/policy') },
      rows,
      ratios: { plainOverKernel: plainTime / kernelTime, agentOverKernel: agentTime / kernelTime },
      failures: broken([
        {
          name: 'microseconds of an action with the kernel',
          ...{ value: kernelTime, limit: LIMITS.kernel, must: 'be at most' },
        },
        {
          name: 'microseconds of an action in plain JavaScript',
          ...{ value: plainTime, limit: LIMITS.plain, must: 'be at most' },
        },
      ]),
      notes: [
        `processor time, medians of ${ROUNDS} alternating runs of ${CALLS} actions in one process; ${OBSERVATIONS} observations, ${ACTIONS} actions, hidden layers ${HIDDEN.join(' and ')}, deterministic unless it says a sample`,
        `limits: ${LIMITS.kernel} us with the kernel, ${LIMITS.plain} us in plain JavaScript`,
        `the policy file has ${file.byteLength} bytes`,
      ],
    };
  } finally {
    agent.dispose();
  }
}

function contender(label: string, action: () => unknown): Contender {
  const work = (): void => {
    for (let i = 0; i < CALLS; i++) action();
  };
  return {
    label,
    unit: 'us',
    warmUp: () => {
      for (let i = 0; i < WARM_RUNS; i++) work();
    },
    measure: () => {
      const before = process.cpuUsage();
      work();
      const { user, system } = process.cpuUsage(before);
      return (user + system) / CALLS;
    },
  };
}

/** Simulates a page that forbids compiling: what `make` creates uses the plain loop. */
function withoutWebAssembly<T>(make: () => T): T {
  const { WebAssembly: kept } = globalThis;
  try {
    Object.assign(globalThis, { WebAssembly: undefined });
    return make();
  } finally {
    Object.assign(globalThis, { WebAssembly: kept });
  }
}
