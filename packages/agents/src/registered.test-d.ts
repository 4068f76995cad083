import type {
  ActionOf,
  AgentDefinition,
  AgentDefinitionOf,
  AgentName,
  AnyAgentDefinition,
  AnyEnvironmentDefinition,
  ConfigOf,
  EnvironmentDefinition,
  EnvironmentDefinitionOf,
  EnvironmentId,
  FormOf,
  MadeBy,
  ObservationOf,
  PresetOf,
  RegisteredAgents,
  RegisteredEnvironments,
} from '@maxent/core';
import { Registry } from '@maxent/core';
import { envsPlugin, pendulum } from '@maxent/envs';
import { describe, expectTypeOf, it } from 'vitest';
import { agentsPlugin, softActorCritic } from './index.js';

/** The declaration of a function that trains by name. */
declare function train<
  Agent extends AgentName | AnyAgentDefinition,
  Environment extends EnvironmentId | AnyEnvironmentDefinition,
>(
  agent: Agent,
  environment: Environment,
  options: {
    readonly steps: number;
    readonly preset?: PresetOf<AgentDefinitionOf<Agent>>;
    readonly config?: ConfigOf<AgentDefinitionOf<Agent>>;
  },
): {
  readonly agent: MadeBy<AgentDefinitionOf<Agent>>;
  act(
    observation: FormOf<ObservationOf<MadeBy<EnvironmentDefinitionOf<Environment>>>>,
  ): ActionOf<MadeBy<EnvironmentDefinitionOf<Environment>>>;
};

describe('names', () => {
  it('are those of the definitions', () => {
    type Names = { [Name in AgentName]: RegisteredAgents[Name]['name'] };
    expectTypeOf<Names>().toEqualTypeOf<{ [Name in AgentName]: Name }>();
    type Ids = { [Id in EnvironmentId]: RegisteredEnvironments[Id]['id'] };
    expectTypeOf<Ids>().toEqualTypeOf<{ [Id in EnvironmentId]: Id }>();
    expectTypeOf<'sac' | 'soft-q-learning'>().toExtend<AgentName>();
    expectTypeOf<'Pendulum-v1' | 'Taxi-v4'>().toExtend<EnvironmentId>();
    expectTypeOf<string>().not.toExtend<AgentName>();
  });

  it('give definitions their types in a registry', () => {
    const registry = new Registry([agentsPlugin, envsPlugin]);
    expectTypeOf(registry.agent('sac')).toEqualTypeOf<typeof softActorCritic>();
    expectTypeOf(registry.environment('Pendulum-v1')).toEqualTypeOf<typeof pendulum>();
    const typed: string = 'sac';
    expectTypeOf(registry.agent(typed)).toEqualTypeOf<AgentDefinition>();
  });
});

describe('training by name', () => {
  it('follows the names', () => {
    const run = train('sac', 'Pendulum-v1', {
      steps: 1,
      preset: 'quick-start',
      config: { hiddenSizes: [64] },
    });
    expectTypeOf(run.act([1, 0, 0])[0]).toEqualTypeOf<number | undefined>();
    // @ts-expect-error: an observation is a list of numbers.
    run.act('x');
    // @ts-expect-error: there is no such environment.
    train('sac', 'Pendulum-v2', { steps: 1 });
    // @ts-expect-error: there is no such agent.
    train('sacc', 'Pendulum-v1', { steps: 1 });
    // @ts-expect-error: the setting is called hiddenSizes.
    train('sac', 'Pendulum-v1', { steps: 1, config: { hiddenSize: [64] } });
    // @ts-expect-error: SAC has no such preset.
    train('sac', 'Pendulum-v1', { steps: 1, preset: 'quick' });
    // @ts-expect-error: the setting belongs to another agent.
    train('dqn', 'CartPole-v1', { steps: 1, config: { criticCount: 2 } });
    expectTypeOf(train('dqn', 'CartPole-v1', { steps: 1 }).act([0, 0, 0, 0])).toEqualTypeOf<number>();
    expectTypeOf(train('q-learning', 'Taxi-v4', { steps: 1 }).act(3)).toEqualTypeOf<number>();
  });

  it('takes definitions as well', () => {
    train(softActorCritic, pendulum, { steps: 1, preset: 'Pendulum-v1' });
    // @ts-expect-error: the setting is called hiddenSizes.
    train(softActorCritic, pendulum, { steps: 1, config: { hiddenSize: [64] } });
    const agent: AgentDefinition = softActorCritic;
    const environment: EnvironmentDefinition = pendulum;
    train(agent, environment, { steps: 1, preset: 'whatever', config: { hiddenSize: [64] } });
  });
});
