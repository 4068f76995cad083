import {
  type AgentContext,
  type AgentDefinition,
  Box,
  Discrete,
  isMetaAgent,
  type MetaAgent,
  type Space,
} from '@maxent/core';

/** The spaces to test an agent on, and a configuration that makes it small. */
export interface Subject {
  readonly definition: AgentDefinition;
  readonly observationSpace: Space<unknown>;
  readonly actionSpace: Space<unknown>;
  readonly config: Readonly<Record<string, unknown>>;
  /** Rounds per trial of `checkAgent`, if the agent needs more than the default to learn in both halves. */
  readonly steps?: number;
}

type Setting = Omit<Subject, 'definition'>;

const observationSpace = new Box({ low: -1, high: 1, shape: [4] });
const onBoxes = { observationSpace, actionSpace: new Box({ low: [-2, 0], high: [2, 1] }) };
const onChoices = { observationSpace, actionSpace: new Discrete(3) };
const onTables = { observationSpace: new Discrete(4), actionSpace: new Discrete(3) };

const small = { hiddenSizes: [8], batchSize: 16, replayCapacity: 100 };
const soon = { ...small, learningStarts: 5 };
const particles = { valueParticles: 4, fixedParticles: 4, updatedParticles: 4 };

/** The train tasks of an agent over a family. */
const tasks = [[0.5], [-0.5]];
const family = {
  ...{ encoderHiddenSizes: [8], metaBatchSize: 2, contextSize: 8, latentSize: 2 },
  ...{ initialSteps: 4, priorSteps: 4, posteriorSteps: 4, extraSteps: 4 },
  ...{ tasksPerIteration: 1, updatesPerIteration: 6 },
};

/** One row for each agent of the registry. */
const settings: Readonly<Record<string, Setting>> = {
  sac: { ...onBoxes, config: soon },
  crossq: { ...onBoxes, config: { ...soon, criticHiddenSizes: [8] } },
  sql: { ...onBoxes, config: { ...soon, ...particles } },
  meow: { ...onBoxes, config: { ...soon, flowHiddenSizes: [8], couplingHiddenSize: 4 } },
  lsp: { ...onBoxes, config: { ...soon, couplingHiddenSize: 4 } },
  dqn: { ...onChoices, config: { ...soon, nStep: 3, targetEvery: 4 } },
  'soft-dqn': { ...onChoices, config: { ...soon, nStep: 3, targetEvery: 4 } },
  'discrete-sac': { ...onChoices, config: soon },
  'q-learning': { ...onTables, config: {} },
  'soft-q-learning': { ...onTables, config: {} },
  pearl: { ...onBoxes, config: { ...small, ...family }, steps: 80 },
};

/** An agent as it is tested, or undefined if it has no row. */
export function subjectOf(definition: AgentDefinition): Subject | undefined {
  if (!Object.hasOwn(settings, definition.name)) return undefined;
  const create: AgentDefinition['create'] = async (context, config) => {
    const agent = await definition.create({ ...context, tasks } satisfies AgentContext, config);
    return isMetaAgent(agent) ? driven(agent) : agent;
  };
  return { ...settings[definition.name]!, definition: { ...definition, create } };
}

/** An agent over a family, with the calls that its driver makes between episodes. */
function driven(agent: MetaAgent): MetaAgent {
  const { observe } = agent;
  agent.beginEpisode();
  return Object.assign(agent, {
    observe: (transition: Parameters<MetaAgent['observe']>[0]) => {
      observe.call(agent, transition);
      if (transition.terminated || transition.truncated) agent.beginEpisode();
    },
  });
}
