import { type Agent, Box, type BoxArray, type Metrics, type Rng } from '@maxent/core';

export const observationSpace = new Box({ low: -Infinity, high: Infinity, shape: [3] });
export const actionSpace = new Box({ low: [-2, 0], high: [2, 1] });

/** A one-step problem: random observations, and `reward` of the action. Returns the metrics of the last update. */
export function feed(
  agent: Agent<BoxArray, BoxArray>,
  steps: number,
  rng: Rng,
  reward: (action: ArrayLike<number>) => number,
  flags = { terminated: true, truncated: false },
): Metrics {
  let last = (): Metrics => ({});
  for (let i = 0; i < steps; i++) {
    const observation = observationSpace.sample(rng);
    const action = agent.act(observation, { deterministic: false });
    const nextObservation = observationSpace.sample(rng);
    agent.observe({ observation, action, reward: reward(action), nextObservation, ...flags });
    last = agent.update().metrics;
  }
  return last();
}
