import { softActorCritic, softActorCriticConfig } from '@maxent/agents';
import type { UpdateWorkload } from '@maxent/backend';
import { Box } from '@maxent/core';
import { agentWorkload } from '@maxent/library/runs';

/** The workload that `auto` measures if there is no run: soft actor-critic with HalfCheetah's sizes. */
export function typicalWorkload(): UpdateWorkload {
  return agentWorkload({
    agent: softActorCritic,
    config: softActorCriticConfig.parse({}),
    environment: '17 observations and 6 actions',
    spaces: async () => ({
      observationSpace: new Box({ low: -1, high: 1, shape: [17] }),
      actionSpace: new Box({ low: -1, high: 1, shape: [6] }),
    }),
  });
}
