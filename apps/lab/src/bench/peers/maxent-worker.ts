import { createInterface } from 'node:readline';
import { softActorCritic } from '@maxent/agents';
import { type KernelChoice, selectBackend } from '@maxent/backend';
import { peakMultiplyAdds, profileKernels } from '@maxent/backend/testing';
import { type Agent, type BoxArray, type Environment, Rng, type UpdateResult } from '@maxent/core';
import { makeEnvironment } from '@maxent/envs';
import { halfCheetah, loadMujoco } from '@maxent/mujoco';
import { describeVersions, type MeasuredKernels, measuredKernels } from '../../machine.js';
import type { UpdateProfile, Work, WorkerDescription, WorkerRequest } from './protocol.js';

/**
 * Our side of `lab bench peers`: the counterpart of `peers/sb3_worker.py`, with the same requests on standard
 * input and the same replies on standard output. Arguments: the kernels (`addon` or `wasm`) and the number of threads.
 */

const SEED = 1;
const LEARNING_STARTS = 10_000;

class Worker {
  private readonly actions: readonly BoxArray[];
  private observation: BoxArray;
  private lastUpdate: UpdateResult | undefined;

  private constructor(
    private readonly kernels: MeasuredKernels,
    private readonly mujocoVersion: string,
    private readonly config: ReturnType<typeof softActorCritic.config.parse>,
    private readonly agent: Agent<BoxArray, BoxArray>,
    /** The environment in which the agent acts. */
    private readonly environment: Environment<BoxArray, BoxArray>,
    /** An environment that is only stepped. */
    private readonly bareEnvironment: Environment<BoxArray, BoxArray>,
  ) {
    const rng = Rng.fromSeed(SEED).split('actions');
    // Drawn beforehand: sampling actions is not part of stepping.
    this.actions = Array.from({ length: 1000 }, () => environment.actionSpace.sample(rng));
    this.observation = environment.reset({ seed: SEED }).observation;
    bareEnvironment.reset({ seed: SEED });
    // Fills the replay with random actions; gradient steps begin after that.
    for (let i = 0; i < LEARNING_STARTS; i++) this.trainingStep();
    this.lastUpdate = undefined;
  }

  static async create(kernels: KernelChoice, threads: number): Promise<Worker> {
    const report = await selectBackend({ prefer: 'wasm', kernels, threads });
    const mujocoVersion = (await loadMujoco()).mj_versionString();
    const environment = await makeEnvironment(halfCheetah);
    const bareEnvironment = await makeEnvironment(halfCheetah);
    const config = softActorCritic.config.parse({ learningStarts: LEARNING_STARTS });
    const { observationSpace, actionSpace } = environment;
    const rng = Rng.fromSeed(SEED).split('agent');
    const agent = await softActorCritic.create({ observationSpace, actionSpace, rng }, config);
    return new Worker(report, mujocoVersion, config, agent, environment, bareEnvironment);
  }

  describe(): WorkerDescription {
    const { hiddenSizes, batchSize, actorLearningRate, criticLearningRate, temperatureLearningRate } =
      this.config;
    const { discount, targetRate, replayCapacity, learningStarts, trainEvery, gradientSteps } = this.config;
    return {
      kernels: measuredKernels(this.kernels),
      versions: { ...describeVersions(), mujoco: this.mujocoVersion },
      hyperparameters: {
        hiddenSizes,
        batchSize,
        actorLearningRate,
        criticLearningRate,
        temperatureLearningRate,
        discount,
        targetRate,
        targetEntropy: -this.environment.actionSpace.flatSize,
        replayCapacity,
        learningStarts,
        trainEvery,
        gradientSteps,
      },
    };
  }

  work(kind: Work, count: number): void {
    if (kind === 'updates') this.update(count);
    else if (kind === 'environment') this.stepEnvironment(count);
    else for (let i = 0; i < count; i++) this.trainingStep();
    this.lastUpdate?.metrics();
  }

  profile(count: number): UpdateProfile {
    const { seconds } = timed(() => this.work('updates', count));
    const { productMilliseconds, multiplyAdds } = profileKernels(() => this.work('updates', count));
    const peak = peakMultiplyAdds();
    return {
      update: seconds / count,
      products: productMilliseconds / 1000 / count,
      rate: (1000 * multiplyAdds) / productMilliseconds,
      ...(peak !== undefined && { peak }),
    };
  }

  private update(count: number): void {
    // One step past the random ones, so that gradient steps are due.
    if (this.lastUpdate === undefined) this.trainingStep();
    for (let i = 0; i < count; i++) this.lastUpdate = this.agent.update();
  }

  private stepEnvironment(count: number): void {
    for (let i = 0; i < count; i++) {
      const { terminated, truncated } = this.bareEnvironment.step(this.actions[i % this.actions.length]!);
      if (terminated || truncated) this.bareEnvironment.reset();
    }
  }

  /** The same work as one step of `train` of @maxent/training. */
  private trainingStep(): void {
    const { observation } = this;
    const action = this.agent.act(observation, { deterministic: false });
    const { observation: nextObservation, reward, terminated, truncated } = this.environment.step(action);
    this.agent.observe({ observation, action, reward, nextObservation, terminated, truncated });
    this.lastUpdate = this.agent.update();
    this.observation = terminated || truncated ? this.environment.reset().observation : nextObservation;
  }
}

const [kernels, threads] = process.argv.slice(2) as [KernelChoice, string];
const worker = await Worker.create(kernels, Number(threads));
for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(answer(JSON.parse(line) as WorkerRequest))}\n`);
}

function answer(request: WorkerRequest): object {
  if (request.command === 'describe') return worker.describe();
  if (request.command === 'profile') return worker.profile(request.count);
  const { command, count } = request;
  return timed(() => worker.work(command, count));
}

function timed(work: () => void): { seconds: number } {
  const start = performance.now();
  work();
  return { seconds: (performance.now() - start) / 1000 };
}
