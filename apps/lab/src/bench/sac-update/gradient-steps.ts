import type { SoftActorCritic } from '@maxent/agents';
import type { UpdateResult } from '@maxent/core';
import { BenchmarkFailedError } from '../benchmark.js';
import { millisecondsPerCall, warmFor } from '../stopwatch.js';
import type { UpdateSizes } from './flop-count.js';
import { randomTransitions } from './workload.js';

const REPLAY_ROWS = 10_000;
const SEED = 1;

export interface GradientSteps {
  /** Updates for at least this long, checking the clock every `chunk` updates. */
  warm(milliseconds: number, chunk: number): void;
  /** Milliseconds per update over `count` of them. Throws BenchmarkFailedError unless each took one gradient step. */
  measure(count: number): number;
}

/**
 * An agent's updates through its public methods, on a replay that is filled here: each stores a transition, samples a
 * batch and takes one gradient step.
 */
export function gradientStepsOf(agent: SoftActorCritic, sizes: UpdateSizes): GradientSteps {
  const transitions = randomTransitions(REPLAY_ROWS, SEED, sizes);
  for (const transition of transitions) agent.observe(transition);
  let updates = 0;
  let last: UpdateResult | undefined;
  const update = (): void => {
    agent.observe(transitions[updates % REPLAY_ROWS]!);
    last = agent.update();
    updates += last.gradientSteps;
  };
  return {
    warm: (milliseconds, chunk) => warmFor(milliseconds, chunk, update),
    measure(count) {
      const before = updates;
      const milliseconds = millisecondsPerCall(count, update, () => last!.metrics());
      const taken = updates - before;
      if (taken !== count) {
        throw new BenchmarkFailedError(`ours took ${taken} gradient steps in a run that must take ${count}`);
      }
      return milliseconds;
    },
  };
}
