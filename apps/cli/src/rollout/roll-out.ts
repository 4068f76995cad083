import { describeThrown, type Environment, EnvironmentFaultError, isMaxentError } from '@maxent/core';
import type { RolloutAnswer } from '../answers/rollout.js';
import { toJsonValue } from '../output/json.js';

/**
 * Takes `actions` in turn until the first step that terminates or truncates the episode. Throws
 * EnvironmentFaultError for a NaN in what the environment returns, and for an info that JSON cannot hold.
 */
export function rollOut(
  environment: Environment,
  start: unknown,
  actions: readonly unknown[],
): RolloutAnswer {
  const answer: RolloutAnswer = {
    observations: [plain(start, 'observations[0]')],
    rewards: [],
    terminated: [],
    truncated: [],
    infos: [],
  };
  for (const [index, action] of actions.entries()) {
    const { observation, reward, terminated, truncated, info } = environment.step(action);
    answer.rewards.push(plain(reward, `rewards[${index}]`));
    answer.observations.push(plain(observation, `observations[${index + 1}]`));
    answer.terminated.push(terminated);
    answer.truncated.push(truncated);
    answer.infos.push(plain(info, `infos[${index}]`));
    if (terminated || truncated) break;
  }
  return answer;
}

function plain<T>(value: unknown, field: string): T {
  try {
    const json = toJsonValue(value, field);
    JSON.stringify(json);
    return json as T;
  } catch (error) {
    const problem = isMaxentError(error, 'DIVERGENCE')
      ? 'a value that is not a number. Where its state or actions are large, that is an overflow: give smaller ones; ' +
        'otherwise it is a fault of the environment'
      : `what JSON cannot hold: ${describeThrown(error)}. Correct the environment.`;
    throw new EnvironmentFaultError(`${field}: the environment gave ${problem}`, { cause: error });
  }
}
