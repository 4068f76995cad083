import { ActionScaling, type AgentPart, requireCounter, StatefulAgent } from '@maxent/agents';
import {
  type ActOptions,
  type AgentContext,
  type BoxArray,
  defineAgent,
  encodeValue,
  type Metrics,
  type PolicyDescription,
  requireOutcome,
  type Snapshot,
  SnapshotMismatchError,
  type Space,
  showStored,
  type Transition,
  type UpdateResult,
} from '@maxent/core';
import { requireDoubles } from '@maxent/envs';
import * as z from 'zod';

const NAME = 'cross-entropy';

const config = z
  .object({
    population: z
      .int()
      .min(2)
      .default(20)
      .describe('number of policies tried per generation, one episode each'),
    elites: z
      .int()
      .positive()
      .default(5)
      .describe('number of best policies of a generation to which the next one is fitted'),
    initialStd: z.number().positive().default(1).describe('initial standard deviation of the parameters'),
    minimumStd: z
      .number()
      .nonnegative()
      .default(0.05)
      .describe('standard deviation below which the search never narrows'),
  })
  .refine(({ population, elites }) => elites < population, {
    error: 'expected fewer elites than the population has policies',
    path: ['elites'],
  });

export type CrossEntropyConfig = z.output<typeof config>;

/**
 * The cross-entropy method (Rubinstein 1999; Szita and Lorincz 2006, "Learning Tetris using the noisy cross-entropy
 * method"), which needs neither gradients nor values. Parameters theta of the linear policy u = tanh(W s + b), on
 * actions scaled to [-1, 1], are drawn from a diagonal Gaussian, and each is tried for one episode; the Gaussian is
 * then fitted to the elites, the ones with the highest returns:
 *
 *   mean = mean of elites,   std = max(std of elites, minimumStd).
 *
 * It acts by `mean` if deterministic, and if it is given an `rng`: its policy does not draw random numbers.
 */
export class CrossEntropyMethod extends StatefulAgent<BoxArray, 'candidates'> {
  /** `load` reads everything before it changes anything. */
  protected readonly learned: AgentPart = {
    save: () => this.saveSearch(),
    load: (search) => this.loadSearch(search),
  };
  private readonly observationSpace: Space<unknown>;
  private readonly actionSpace: Space<unknown>;
  private readonly actions: ActionScaling;
  private readonly observation: Float32Array;
  private readonly action: Float32Array;
  /** Mean of theta: for each action its weights, then its bias. */
  private mean: Float64Array;
  private std: Float64Array;
  /** The candidates of this generation, [population, parameters]. */
  private candidates: Float64Array;
  /** Returns of the candidates that were tried. */
  private returns: Float64Array;
  private tried = 0;
  /** Sum of rewards of the current episode. */
  private rewardSum = 0;

  /** Throws SpaceMismatchError unless actions are a Box with finite bounds. */
  constructor(
    { observationSpace, actionSpace, rng }: AgentContext,
    private readonly config: CrossEntropyConfig,
  ) {
    super({ name: NAME, rng, streams: ['candidates'] });
    this.observationSpace = observationSpace;
    this.actionSpace = actionSpace;
    this.actions = ActionScaling.of(actionSpace, NAME);
    this.observation = new Float32Array(observationSpace.flatSize);
    this.action = new Float32Array(this.actions.size);
    const parameters = this.actions.size * (observationSpace.flatSize + 1);
    this.mean = new Float64Array(parameters);
    this.std = new Float64Array(parameters).fill(config.initialStd);
    this.candidates = new Float64Array(config.population * parameters);
    this.returns = new Float64Array(config.population);
    this.draw();
  }

  act(observation: unknown, { deterministic, rng }: ActOptions): BoxArray {
    encodeValue(this.observationSpace, observation, this.observation, 'act: observation');
    // Between an episode's end and `update`, all candidates may have been tried.
    const exploring = !deterministic && rng === undefined && this.tried < this.config.population;
    const theta = exploring ? this.candidate(this.tried) : this.mean;
    const inputs = this.observation.length;
    for (let i = 0; i < this.action.length; i++) {
      const row = theta.subarray(i * (inputs + 1), (i + 1) * (inputs + 1));
      this.action[i] = Math.tanh(this.observation.reduce((sum, x, j) => sum + row[j]! * x, row[inputs]!));
    }
    return this.actions.decode(this.action);
  }

  protected take(transition: Transition<unknown, BoxArray>, step: number): void {
    // Checks everything before changing anything: a refused transition must leave the agent as it was.
    requireOutcome(transition, { precision: 'float64', step });
    encodeValue(this.observationSpace, transition.observation, this.observation, 'observe: observation');
    encodeValue(
      this.observationSpace,
      transition.nextObservation,
      this.observation,
      'observe: nextObservation',
    );
    this.actions.encode(transition.action, this.action, 'observe: action');
    this.rewardSum += transition.reward;
    if (!transition.terminated && !transition.truncated) return;
    if (this.tried < this.config.population) this.returns[this.tried++] = this.rewardSum;
    this.rewardSum = 0;
  }

  update(): UpdateResult {
    if (this.tried < this.config.population) return { gradientSteps: 0, metrics: () => ({}) };
    const metrics = this.fit();
    // A generation counts as a gradient step in the run's reports.
    this.gradientSteps += 1;
    this.draw();
    return { gradientSteps: 1, metrics: () => metrics };
  }

  /**
   * The policy as a network with one layer, which outputs the means and log standard deviations that are as low as
   * possible.
   */
  describePolicy(): PolicyDescription {
    const [inputs, outputs] = [this.observation.length, this.action.length];
    const weight = new Float32Array(inputs * 2 * outputs);
    const bias = new Float32Array(2 * outputs);
    for (let i = 0; i < outputs; i++) {
      const row = this.mean.subarray(i * (inputs + 1), (i + 1) * (inputs + 1));
      for (let j = 0; j < inputs; j++) weight[j * 2 * outputs + i] = row[j]!;
      bias[i] = row[inputs]!;
    }
    return {
      agent: NAME,
      observationSpace: this.observationSpace,
      actionSpace: this.actionSpace,
      layers: [{ type: 'dense', weight: 'policy/weight', bias: 'policy/bias' }],
      head: { type: 'squashed-gaussian', minimumLogStd: -20, maximumLogStd: -20 },
      tensors: {
        'policy/weight': { shape: [inputs, 2 * outputs], data: weight },
        'policy/bias': { shape: [2 * outputs], data: bias },
      },
    };
  }

  private saveSearch(): Snapshot {
    const { mean, std, candidates, returns } = this;
    const arrays = Object.entries({ mean, std, candidates, returns }).map(
      ([name, data]) => [name, { shape: [data.length], data: data.slice() }] as const,
    );
    return {
      arrays: Object.fromEntries(arrays),
      metadata: { tried: this.tried, rewardSum: this.rewardSum },
    };
  }

  private loadSearch(search: Snapshot): void {
    const { rewardSum } = search.metadata;
    if (typeof rewardSum !== 'number') {
      throw new SnapshotMismatchError(`${NAME}: rewardSum must be a number, got ${showStored(rewardSum)}`);
    }
    const parameters = this.mean.length;
    Object.assign(this, {
      mean: requireDoubles(search, 'mean', parameters).slice(),
      std: requireDoubles(search, 'std', parameters).slice(),
      candidates: requireDoubles(search, 'candidates', this.candidates.length).slice(),
      returns: requireDoubles(search, 'returns', this.returns.length).slice(),
      tried: requireCounter(search, 'tried', NAME),
      rewardSum,
    });
  }

  private candidate(index: number): Float64Array {
    const parameters = this.mean.length;
    return this.candidates.subarray(index * parameters, (index + 1) * parameters);
  }

  private draw(): void {
    const { mean, std, candidates } = this;
    for (let i = 0; i < candidates.length; i++) {
      const parameter = i % mean.length;
      candidates[i] = mean[parameter]! + std[parameter]! * this.streams.candidates.normal();
    }
    this.tried = 0;
  }

  /** Fits the Gaussian to the elites; on ties, earlier candidates win. */
  private fit(): Metrics {
    const { elites, minimumStd } = this.config;
    const { returns } = this;
    const ranked = Array.from(returns.keys()).sort((a, b) => returns[b]! - returns[a]!);
    const best = ranked.slice(0, elites);
    const meanOf = (value: (index: number) => number) =>
      best.reduce((sum, index) => sum + value(index), 0) / elites;
    for (let i = 0; i < this.mean.length; i++) {
      const mean = meanOf((index) => this.candidate(index)[i]!);
      const variance = meanOf((index) => (this.candidate(index)[i]! - mean) ** 2);
      this.mean[i] = mean;
      this.std[i] = Math.max(Math.sqrt(variance), minimumStd);
    }
    return {
      generation: this.gradientSteps + 1,
      eliteReturn: meanOf((index) => returns[index]!),
      meanStd: this.std.reduce((sum, std) => sum + std, 0) / this.std.length,
    };
  }
}

export const crossEntropy = defineAgent({
  name: NAME,
  description: 'The cross-entropy method on a linear policy, for bounded continuous actions',
  config,
  metrics: {
    generation: 'How often the distribution was fitted.',
    eliteReturn: 'Mean return of the policies that it was fitted to.',
    meanStd: "Standard deviation of the policy's weights, averaged over them.",
  },
  create: (context, given) => new CrossEntropyMethod(context, given),
});
