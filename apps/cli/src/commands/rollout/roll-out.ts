import {
  type Box,
  type Dict,
  describeThrown,
  type Environment,
  EnvironmentFaultError,
  InvalidInputError,
  isMaxentError,
  type Space,
} from '@maxent/core';
import { toJsonValue } from '../../output/json.js';
import type { RolloutAnswer } from './answer.js';

/**
 * Takes `actions` in turn until the first step that terminates or truncates the episode. Throws EnvironmentFaultError
 * if the environment returns NaN or an info that JSON cannot hold. If an earlier action was out of bounds, throws
 * InvalidInputError instead, which names the largest such entry.
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
    try {
      const { observation, reward, terminated, truncated, info } = environment.step(action);
      answer.rewards.push(plain(reward, `rewards[${index}]`));
      answer.observations.push(plain(observation, `observations[${index + 1}]`));
      answer.terminated.push(terminated);
      answer.truncated.push(truncated);
      answer.infos.push(plain(info, `infos[${index}]`));
      if (terminated || truncated) break;
    } catch (error) {
      throw blamingAction(error, environment.actionSpace, actions.slice(0, index + 1));
    }
  }
  return answer;
}

/** Environments clip actions outside the bounds, or compute with them, which may overflow at once or later. */
function blamingAction(error: unknown, space: Space<unknown>, actions: readonly unknown[]): unknown {
  if (!isMaxentError(error, 'ENVIRONMENT_FAULT')) return error;
  const [worst] = actions
    .flatMap((action, i) => beyondBounds(space, action, `actions[${i}]`))
    .sort((a, b) => Math.abs(b.value) - Math.abs(a.value));
  if (worst === undefined) return error;
  return new InvalidInputError(
    worst.field,
    `expected a number from ${worst.low} to ${worst.high}, got ${worst.value}, with which the environment could not ` +
      `continue (${error.message})`,
    { cause: error },
  );
}

interface Beyond {
  readonly field: string;
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

function beyondBounds(space: Space<unknown>, action: unknown, field: string): Beyond[] {
  if (space.kind === 'dict') {
    const { spaces } = space as Dict<Record<string, Space<unknown>>>;
    return Object.entries(spaces).flatMap(([name, part]) =>
      beyondBounds(part, (action as Record<string, unknown>)[name], `${field}.${name}`),
    );
  }
  if (space.kind !== 'box') return [];
  const bounds = space as Box;
  return Array.from(action as ArrayLike<number>, (value, i) => ({
    field: `${field}[${i}]`,
    value,
    low: bounds.low[i]!,
    high: bounds.high[i]!,
  })).filter(({ value, low, high }) => value < low || value > high);
}

function plain<T>(value: unknown, field: string): T {
  try {
    const json = toJsonValue(value, field);
    JSON.stringify(json);
    return json as T;
  } catch (error) {
    const problem = isMaxentError(error, 'DIVERGENCE')
      ? 'a value that is not a number. If its state or actions are large, that is an overflow: give smaller ones; ' +
        'otherwise it is a fault in the environment'
      : `what JSON cannot hold: ${describeThrown(error)}. Correct the environment.`;
    throw new EnvironmentFaultError(`${field}: the environment gave ${problem}`, { cause: error });
  }
}
