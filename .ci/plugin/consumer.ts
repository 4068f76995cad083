// Names and types of a plugin and of what comes with maxent, as the program sees them that installs both.
import { Registry } from '@maxent/core';
import { makeEnvironment } from '@maxent/envs';
import { loadPolicy, train } from 'maxent';
import { corridor, corridorPlugin } from 'maxent-plugin-corridor';

const built = await train('sac', 'Pendulum-v1', {
  steps: 1,
  preset: 'quick-start',
  config: { hiddenSizes: [64] },
});
export const torque: number | undefined = built.policy().act([1, 0, 0])[0];
// @ts-expect-error: an observation is a list of numbers.
built.policy().act('x');
// @ts-expect-error: no observation is a text.
(await loadPolicy(new Uint8Array())).act('x');
// @ts-expect-error: there is no such environment.
train('sac', 'Pendulum-v2', { steps: 1 });
// @ts-expect-error: there is no such agent.
train('sacc', 'Pendulum-v1', { steps: 1 });
// @ts-expect-error: the setting is called hiddenSizes.
train('sac', 'Pendulum-v1', { steps: 1, config: { hiddenSize: [64] } });

// The plugin's agent in a built-in environment, and the other way round.
train('steady', 'CartPole-v1', { steps: 1, preset: 'backwards' });
const run = await train('dqn', 'Corridor-v0', { steps: 1, environmentOptions: { length: 7 } });
export const direction: number = run.policy().act([0.5]);
// @ts-expect-error: an observation is a list of numbers.
run.policy().act('x');
// @ts-expect-error: the agent has no such preset.
train('steady', 'Corridor-v0', { steps: 1, preset: 'forwards' });
// @ts-expect-error: a direction is left or right.
train('steady', 'Corridor-v0', { steps: 1, config: { direction: 'up' } });
// @ts-expect-error: corridors have lengths.
train('dqn', 'Corridor-v0', { steps: 1, environmentOptions: { width: 7 } });
train('pearl', 'Corridors', { steps: 1 });

const environment = await makeEnvironment(corridor, { length: 3 });
const { observation } = environment.reset();
// @ts-expect-error: an array has no such property.
export const anything = observation.anything;
// @ts-expect-error: an action is a number.
environment.step('push left');
export const distance: number = environment.step(1).info.distance;

const registry = new Registry([corridorPlugin]);
export const length: number | undefined = registry.environment('Corridor-v0').options.parse({}).length;
// What is not known to the compiler is taken from a registry, with wide types.
const name: string = 'steady';
train(registry.agent(name), registry.environment('Corridor-v0'), { steps: 1, config: { anything: 1 } });
