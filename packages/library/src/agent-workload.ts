import type { UpdateWorkload, WorkloadUpdate } from '@maxent/backend';
import {
  type Agent,
  type AgentDefinition,
  createAgent,
  guardAgent,
  parseConfig,
  Rng,
  type Space,
} from '@maxent/core';

export interface AgentWorkload {
  readonly agent: AgentDefinition;
  readonly config: Readonly<Record<string, unknown>>;
  /** The environment in a few words, as part of the workload's name. */
  readonly environment: string;
  // biome-ignore lint/suspicious/noExplicitAny: agents check at run time that they support the spaces.
  readonly spaces: () => Promise<{ observationSpace: Space<any>; actionSpace: Space<any> }>;
}

/** Enough rows to sample minibatches from; the real capacity would only cost memory. */
const REPLAY_ROWS = 2_000;

/** An agent that has not started to learn after this many steps is not going to. */
const PATIENCE = 50_000;

/** The gradient steps of an agent on random experience from its spaces, on which training will spend its time. */
export function agentWorkload({ agent, config, environment, spaces }: AgentWorkload): UpdateWorkload {
  return {
    name: [agent.name, 'on', environment, ...ownSettings(agent, config)].join(' '),
    async make() {
      const { observationSpace, actionSpace } = await spaces();
      const rng = Rng.fromSeed(0).split('calibration');
      const made = await createAgent(
        agent,
        { observationSpace, actionSpace, rng: rng.split('agent') },
        { ...config, ...quickened(config) },
      );
      return agentUpdate(
        guardAgent(made, { observationSpace, actionSpace }),
        observationSpace,
        actionSpace,
        rng.split('experience'),
      );
    },
  };
}

function agentUpdate(
  agent: Agent,
  observationSpace: Space<unknown>,
  actionSpace: Space<unknown>,
  rng: Rng,
): WorkloadUpdate {
  return {
    run() {
      for (let step = 0; step < PATIENCE; step++) {
        agent.observe({
          observation: observationSpace.sample(rng),
          action: actionSpace.sample(rng),
          reward: rng.normal(),
          nextObservation: observationSpace.sample(rng),
          terminated: false,
          truncated: false,
        });
        const { gradientSteps, metrics } = agent.update();
        if (gradientSteps === 0) continue;
        // Reading a loss waits for the backend.
        metrics();
        return;
      }
    },
    dispose: () => agent.dispose(),
  };
}

/** The settings that differ from the defaults, as texts for a name. */
function ownSettings(agent: AgentDefinition, config: Readonly<Record<string, unknown>>): string[] {
  const defaults = parseConfig(agent.config, {}) as Record<string, unknown>;
  const text = (value: unknown): string => JSON.stringify(value);
  return Object.entries(config)
    .filter(([key, value]) => !(key in quickened(config)) && text(value) !== text(defaults[key]))
    .map(([key, value]) => `${key}=${text(value)}`);
}

/**
 * Changes the settings that decide when and from how much data an agent learns, but not how long a gradient step takes.
 */
function quickened(config: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return {
    ...('learningStarts' in config && { learningStarts: 0 }),
    ...('replayCapacity' in config && { replayCapacity: REPLAY_ROWS }),
  };
}
