import type { UpdateWorkload } from '@maxent/backend';
import { guardEnvironment, type Registry } from '@maxent/core';
import { makeEnvironment } from '@maxent/envs';
import { agentWorkload } from './agent-workload.js';
import type { RunPlan } from './run-request.js';

/**
 * The update on which a run will spend its time. Undefined for a level of a hierarchy, because the levels below are
 * networks that already live on one backend, and for a task family, because its experience cannot be made up.
 */
export function runWorkload(registry: Registry, plan: RunPlan): UpdateWorkload | undefined {
  if (plan.level !== undefined || plan.family) return undefined;
  const options =
    Object.keys(plan.environment.options).length === 0 ? '' : JSON.stringify(plan.environment.options);
  return agentWorkload({
    agent: registry.agent(plan.agent.name),
    config: plan.agent.config,
    environment: `${plan.environment.id}${options}`,
    async spaces() {
      const environment = await makeEnvironment(
        registry.environment(plan.environment.id),
        plan.environment.options,
      );
      const { observationSpace, actionSpace } = environment;
      guardEnvironment(environment, { check: false, onWarning: () => undefined }).close();
      return { observationSpace, actionSpace };
    },
  });
}
