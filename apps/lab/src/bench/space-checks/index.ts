import { SoftActorCritic, softActorCriticConfig } from '@maxent/agents';
import { selectBackend } from '@maxent/backend';
import {
  type BoxArray,
  type Environment,
  encodeValue,
  Rng,
  requireOutcome,
  type Transition,
} from '@maxent/core';
import { checkAction, makeEnvironment } from '@maxent/envs';
import { mujocoPlugin } from '@maxent/mujoco';
import { broken } from '../../checks.js';
import { describeMachine, describeVersions } from '../../machine.js';
import { type BenchAnswer, type Benchmark, BenchmarkFailedError, type BenchOptions } from '../benchmark.js';
import { type Contender, measureInterleaved } from '../interleave.js';

const ENVIRONMENT = 'HalfCheetah-v5';
const ROUNDS = 15;
const STEPS_PER_RUN = 2_000;
const CHECKS_PER_RUN = 200_000;
const WARM_RUNS = 3;

/** Limit on the cost of the checks, as a fraction of step and act. */
const LARGEST_SHARE = 0.01;

/** `lab bench space-checks`: the cost of the checks in encoding values, against a step and an action. */
export const spaceChecks: Benchmark = {
  description: `What space checks cost per step of ${ENVIRONMENT}, relative to its step and SAC's action`,
  run,
};

async function run({ progress }: BenchOptions): Promise<BenchAnswer> {
  const report = await selectBackend({ prefer: 'wasm' });
  const definition = mujocoPlugin.environments?.find(({ id }) => id === ENVIRONMENT);
  if (definition === undefined) throw new BenchmarkFailedError(`${ENVIRONMENT} is not registered`);
  const environment = await makeEnvironment(definition);
  const { observationSpace, actionSpace } = environment;
  const agent = new SoftActorCritic(
    { observationSpace, actionSpace, rng: Rng.fromSeed(1).split('agent') },
    softActorCriticConfig.parse({ learningStarts: 0, replayCapacity: 1_000 }),
  );
  try {
    const transition = oneTransition(environment, agent);
    const contenders = [
      contender('step and act', STEPS_PER_RUN, stepAndAct(environment, agent)),
      contender('encoding with the checks', CHECKS_PER_RUN, checked(environment, transition)),
      contender('the same copies without', CHECKS_PER_RUN, unchecked(transition)),
    ];
    const rows = await measureInterleaved(contenders, { rounds: ROUNDS, progress });
    const [stepping, withChecks, without] = rows.map(({ median }) => median) as [number, number, number];
    const share = Math.max(withChecks - without, 0) / stepping;
    return {
      name: 'space-checks',
      machine: describeMachine(report),
      versions: describeVersions(),
      rows,
      ratios: { checksOverStepAndAct: share },
      failures: broken([
        { name: 'checksOverStepAndAct', value: share, limit: LARGEST_SHARE, must: 'be at most' },
      ]),
      notes: [
        `medians of ${ROUNDS} alternating runs in one process; ${STEPS_PER_RUN} steps of ${ENVIRONMENT} with the action of SAC at its default size, ${CHECKS_PER_RUN} times the encoding of one step`,
        'the checks of one step: the observation at act, both observations, the action, the reward and the flags at observe, the action at step',
        `checksOverStepAndAct: what the checks add to the copies, over step and act; at most ${LARGEST_SHARE}`,
      ],
    };
  } finally {
    environment.close();
    agent.dispose();
  }
}

function contender(label: string, count: number, work: (count: number) => void): Contender {
  return {
    label,
    unit: 'us/step',
    warmUp: () => {
      for (let i = 0; i < WARM_RUNS; i++) work(count);
    },
    measure: () => {
      const start = performance.now();
      work(count);
      return ((performance.now() - start) / count) * 1000;
    },
  };
}

function oneTransition(environment: Environment, agent: SoftActorCritic): Transition<BoxArray, BoxArray> {
  const { observation } = environment.reset({ seed: 1 });
  const action = agent.act(observation, { deterministic: false });
  const { observation: nextObservation, reward, terminated, truncated } = environment.step(action);
  return { observation, action, reward, nextObservation, terminated, truncated };
}

function stepAndAct(environment: Environment, agent: SoftActorCritic): (count: number) => void {
  let { observation } = environment.reset({ seed: 2 });
  return (count) => {
    for (let i = 0; i < count; i++) {
      const step = environment.step(agent.act(observation, { deterministic: false }));
      observation = step.terminated || step.truncated ? environment.reset().observation : step.observation;
    }
  };
}

/** What is encoded in a step of training, as agent and environment do it. */
function checked(
  { observationSpace, actionSpace }: Environment,
  transition: Transition<BoxArray, BoxArray>,
): (count: number) => void {
  const { observation, action, nextObservation } = transition;
  const { row, actionRow } = rowsFor(transition);
  return (count) => {
    for (let i = 0; i < count; i++) {
      encodeValue(observationSpace, observation, row, 'act: observation');
      checkAction(actionSpace, action);
      requireOutcome(transition);
      encodeValue(observationSpace, observation, row, 'observe: observation');
      encodeValue(observationSpace, nextObservation, row, 'observe: nextObservation');
      encodeValue(actionSpace, action, actionRow, 'observe: action');
    }
  };
}

function unchecked(transition: Transition<BoxArray, BoxArray>): (count: number) => void {
  const { observation, action, nextObservation } = transition;
  const { row, actionRow } = rowsFor(transition);
  return (count) => {
    for (let i = 0; i < count; i++) {
      row.set(observation);
      row.set(observation);
      row.set(nextObservation);
      actionRow.set(action);
    }
  };
}

function rowsFor({ observation, action }: Transition<BoxArray, BoxArray>) {
  return { row: new Float32Array(observation.length), actionRow: new Float64Array(action.length) };
}
