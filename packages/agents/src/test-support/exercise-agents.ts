import { type BackendReport, selectBackend } from '@maxent/backend';
import { type AgentContext, Box, copySnapshot, Discrete, parseConfig, Rng, type Space } from '@maxent/core';
import { agentsPlugin } from '../plugin.js';

const STEPS = 30;
const UNITS = { hiddenSizes: [8], batchSize: 16, learningStarts: 5, replayCapacity: 50 };

export interface Exercise {
  readonly report: BackendReport;
  /** By agent: metrics of the last update and the numbers of the next action. */
  readonly agents: Readonly<Record<string, { gradientSteps: number; metrics: number[]; action: number[] }>>;
}

/** A few updates of every agent of the plugin on random transitions, saved and loaded halfway. */
export async function exerciseAgents(): Promise<Exercise> {
  const report = await selectBackend({ prefer: 'wasm' });
  const agents: Record<string, Exercise['agents'][string]> = {};
  for (const definition of agentsPlugin.agents!) {
    const continuous = ['sac', 'crossq', 'sql', 'meow'].includes(definition.name);
    const tabular = definition.name.endsWith('q-learning');
    const observationSpace: Space<unknown> = tabular
      ? new Discrete(4)
      : new Box({ low: -1, high: 1, shape: [3] });
    const actionSpace: Space<unknown> = continuous
      ? new Box({ low: [-2, 0], high: [2, 1] })
      : new Discrete(3);
    const config = parseConfig(definition.config, tabular ? {} : UNITS);
    const make = (seed: number) => {
      const context: AgentContext = { observationSpace, actionSpace, rng: Rng.fromSeed(seed) };
      return definition.create(context, config);
    };
    const first = await make(1);
    const second = await make(2);
    const rng = Rng.fromSeed(3);
    let gradientSteps = 0;
    for (let step = 0; step < STEPS; step++) {
      const agent = step < STEPS / 2 ? first : second;
      if (step === STEPS / 2) second.load(copySnapshot(first.save()));
      const observation = observationSpace.sample(rng);
      agent.observe({
        observation,
        action: agent.act(observation, { deterministic: false }),
        reward: rng.normal(),
        nextObservation: observationSpace.sample(rng),
        terminated: step % 7 === 6,
        truncated: false,
      });
      gradientSteps += agent.update().gradientSteps;
    }
    const action = new Float64Array(actionSpace.flatSize);
    const observation = observationSpace.sample(rng);
    actionSpace.flattenInto(second.act(observation, { deterministic: true }), action);
    const metrics = Object.values(second.update().metrics());
    agents[definition.name] = { gradientSteps, metrics, action: [...action] };
    first.dispose();
    second.dispose();
  }
  return { report, agents };
}
