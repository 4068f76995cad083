import {
  type Agent,
  InvalidInputError,
  isBox,
  isDiscrete,
  type Rng,
  type Space,
  showValue,
} from '@maxent/core';

/** How often an action is drawn to tell the distribution of one that does not say it. */
export const DRAWS = 32;

/** What a policy might do for an observation, and what that is worth. */
export interface Outlook {
  /** The probability of each action, of a Discrete space. */
  readonly probs?: readonly number[];
  /** Mean and standard deviation of each entry of the action, of a Box. */
  readonly mean?: readonly number[];
  readonly std?: readonly number[];
  /** Q(s, a) of the action taken. */
  readonly value?: number;
}

interface Answers {
  policy?(observation: unknown): ArrayLike<number>;
}

/** What an agent can be asked about its policy. Asking changes nothing in it. */
export class Questions {
  readonly exact: boolean;
  private readonly answers: Agent & Answers;

  constructor(
    agent: Agent,
    private readonly actionSpace: Space<unknown>,
    private readonly rng: Rng,
  ) {
    this.answers = agent as Agent & Answers;
    this.exact = isDiscrete(actionSpace) && typeof this.answers.policy === 'function';
  }

  ask(observation: unknown, action: unknown): Outlook {
    const value: unknown = this.answers.actionValue?.(observation, action);
    if (value === undefined) return this.distribution(observation);
    if (typeof value === 'number' && Number.isFinite(value))
      return { ...this.distribution(observation), value };
    throw new InvalidInputError(
      'runDir',
      `actionValue() of the agent returned ${showValue(value)} where a finite number is expected. Correct the agent`,
    );
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
}
