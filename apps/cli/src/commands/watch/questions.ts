import { type Agent, isBox, isDiscrete, type Rng, type Space } from '@maxent/core';

/** How often an action is drawn to tell the distribution of one that does not say it. */
export const DRAWS = 32;

/** What a policy might do for an observation, and what that is worth. */
export interface Outlook {
  /** The probability of each action, of a Discrete space. */
  readonly probs?: readonly number[];
  /** Mean and standard deviation of each entry of the action, of a Box. */
  readonly mean?: readonly number[];
  readonly std?: readonly number[];
  /** V(s) or Q(s, a) of the action taken. */
  readonly value?: number;
}

interface Answers {
  policy?(observation: unknown): ArrayLike<number>;
  softValue?(observation: unknown): number;
  actionValue?(observation: unknown, action: unknown): number;
  actionValues?(observation: unknown): ArrayLike<number>;
}

/** What an agent can be asked about its policy. Asking changes nothing in it. */
export class Questions {
  readonly exact: boolean;
  /** What `value` is, or undefined if the agent does not say. */
  readonly valueName: string | undefined;
  private readonly answers: Agent & Answers;

  constructor(
    agent: Agent,
    private readonly observationSpace: Space<unknown>,
    private readonly actionSpace: Space<unknown>,
    private readonly rng: Rng,
  ) {
    this.answers = agent as Agent & Answers;
    this.exact = isDiscrete(actionSpace) && typeof this.answers.policy === 'function';
    const { softValue, actionValue, actionValues } = this.answers;
    const asked = actionValue !== undefined || actionValues !== undefined;
    this.valueName = softValue !== undefined ? 'soft value V(s)' : asked ? 'Q(s, a)' : undefined;
  }

  ask(observation: unknown, action: unknown): Outlook {
    const value = this.value(observation, action);
    return { ...this.distribution(observation), ...(value !== undefined && { value }) };
  }

  private distribution(observation: unknown): Outlook {
    const { answers, actionSpace, rng } = this;
    if (this.exact) return { probs: Array.from(answers.policy!(observation)) };
    if (!isDiscrete(actionSpace) && !isBox(actionSpace)) return {};
    const draws = Array.from({ length: DRAWS }, () =>
      answers.act(observation, { deterministic: false, rng }),
    );
    if (isDiscrete(actionSpace)) {
      const probs = new Array<number>(actionSpace.flatSize).fill(0);
      for (const action of draws as number[]) probs[action]! += 1 / DRAWS;
      return { probs };
    }
    const entries = Array.from({ length: actionSpace.flatSize }, (_, i) =>
      (draws as ArrayLike<number>[]).map((action) => action[i]!),
    );
    const mean = entries.map((values) => values.reduce((sum, each) => sum + each, 0) / DRAWS);
    const std = entries.map((values, i) =>
      Math.sqrt(values.reduce((sum, each) => sum + (each - mean[i]!) ** 2, 0) / DRAWS),
    );
    return { mean, std };
  }

  private value(observation: unknown, action: unknown): number | undefined {
    const { answers } = this;
    if (answers.softValue !== undefined) return answers.softValue(observation);
    if (answers.actionValue !== undefined) return answers.actionValue(observation, action);
    const values = answers.actionValues?.(observation);
    if (values === undefined || typeof action !== 'number') return undefined;
    // A tabular agent answers with its whole table.
    const count = this.actionSpace.flatSize;
    const row = values.length === count ? 0 : Number(observation) * count;
    return isDiscrete(this.observationSpace) || values.length === count ? values[row + action] : undefined;
  }
}
