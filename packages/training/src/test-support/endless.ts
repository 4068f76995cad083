import { Discrete, type Environment, type StepResult } from '@maxent/core';

/** An environment with one state, whose episodes never end and which has no state to save. */
export class EndlessEnvironment implements Environment<number, number> {
  readonly observationSpace = new Discrete(8);
  readonly actionSpace = new Discrete(2);

  constructor(private readonly beforeStep: () => void = () => undefined) {}

  reset() {
    return { observation: 0, info: {} };
  }

  step(_action: number): StepResult<number> {
    this.beforeStep();
    return { observation: 0, reward: 1, terminated: false, truncated: false, info: {} };
  }

  close(): void {}
}

/** The same with a state. */
export class EndlessStatefulEnvironment extends EndlessEnvironment {
  getState() {
    return { arrays: {}, metadata: {} };
  }

  setState(): void {}
}
