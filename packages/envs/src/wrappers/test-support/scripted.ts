import { Box, type BoxArray, type Environment, type StepResult } from '@maxent/core';

/** One row of the script in fixtures/wrappers.json: the result of a reset or a step. */
export interface ScriptRow {
  readonly reset: boolean;
  readonly observation: readonly number[];
  readonly reward: number;
  readonly terminated: boolean;
  readonly truncated: boolean;
}

/** Returns scripted observations, rewards and flags in order, and records its actions. */
export class Scripted implements Environment<BoxArray, BoxArray> {
  readonly observationSpace = new Box({ low: -Infinity, high: Infinity, shape: [3], dataType: 'float64' });
  readonly received: BoxArray[] = [];
  private place = -1;

  constructor(
    private readonly script: readonly ScriptRow[],
    readonly actionSpace = new Box({ low: -1, high: 1, shape: [1] }),
  ) {}

  get done(): boolean {
    return this.place === this.script.length - 1;
  }

  reset() {
    const { observation } = this.next();
    return { observation: Float64Array.from(observation), info: {} };
  }

  step(action: BoxArray): StepResult<BoxArray> {
    this.received.push(action);
    const { observation, reward, terminated, truncated } = this.next();
    return { observation: Float64Array.from(observation), reward, terminated, truncated, info: {} };
  }

  close(): void {}

  private next(): ScriptRow {
    this.place += 1;
    return this.script[this.place]!;
  }
}

/** Plays a wrapped script to its end and returns each row's result; the reward of a reset is null. */
export function playScript(
  environment: Environment<BoxArray, BoxArray>,
  script: readonly ScriptRow[],
): { observations: number[][]; rewards: (number | null)[] } {
  const observations: number[][] = [];
  const rewards: (number | null)[] = [];
  for (const { reset } of script) {
    const result = reset ? environment.reset() : environment.step(Float32Array.of(0));
    observations.push(Array.from(result.observation));
    rewards.push('reward' in result ? (result as StepResult<BoxArray>).reward : null);
  }
  return { observations, rewards };
}
