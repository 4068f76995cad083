import { type Agent, Box, type Environment, guardEnvironment, type Transition } from '@maxent/core';
import { expect, it } from 'vitest';
import { train } from '../train.js';
import { Pacer } from './pacer.js';
import { runEpisode } from './run-episode.js';

const space = new Box({ low: -Infinity, high: Infinity, shape: [2], dataType: 'float64' });

/** Writes its step count into the one array that it always returns, and overwrites the actions it is given. */
function reusing(): Environment {
  const array = new Float64Array(2);
  let t = 0;
  return {
    observationSpace: space,
    actionSpace: space,
    reset: () => {
      t = 0;
      array.fill(0);
      return { observation: array, info: {} };
    },
    step: (action: Float64Array) => {
      t += 1;
      array.fill(t);
      action.fill(-1);
      return { observation: array, reward: 1, terminated: t === 4, truncated: false, info: {} };
    },
    close: () => {},
  };
}

/** Keeps the numbers of what it observes, as a replay does; its action is 10 times what it saw. */
function recording() {
  const seen: { from: number; action: number; to: number }[] = [];
  const observe = ({ observation, action, nextObservation }: Transition) => {
    seen.push({ from: observation[0], action: action[0], to: nextObservation[0] });
  };
  const agent: Agent = {
    act: (observation: Float64Array) => Float64Array.from(observation, (entry) => 10 * entry),
    observe,
    update: () => ({ gradientSteps: 0, metrics: () => ({}) }),
    save: () => ({ arrays: {}, metadata: {} }),
    load: () => {},
    dispose: () => {},
  };
  return { agent, seen, observe };
}

const episode = [0, 1, 2, 3].map((from) => ({ from, action: 10 * from, to: from + 1 }));

// The checker would find such environments, so it is off.
it('an agent is told what it saw and did, even if the environment reuses its arrays', async () => {
  const { agent, seen } = recording();
  await train({
    agent,
    environment: reusing(),
    evaluationEnvironment: reusing(),
    steps: 6,
    seed: 1,
    evaluation: { every: 6, episodes: 1 },
    logEvery: 6,
    checkpointEvery: 6,
    check: false,
  });
  expect(seen).toEqual([...episode, ...episode.slice(0, 2)]);
});

it('so is a listener to an episode', async () => {
  const { agent, seen, observe } = recording();
  await runEpisode({
    policy: agent,
    environment: guardEnvironment(reusing(), { check: false }),
    seed: 1,
    actOptions: { deterministic: true },
    name: 'the episode',
    pacer: new Pacer(),
    maxSteps: 10,
    onTransition: observe,
  });
  expect(seen).toEqual(episode);
});
