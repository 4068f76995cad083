import { readFile } from 'node:fs/promises';
import { countTensors } from '@maxent/backend';
import {
  type Agent,
  type AgentDefinition,
  isMetaAgent,
  type Metrics,
  parseConfig,
  Rng,
  type Space,
} from '@maxent/core';
import { ConformanceError, type ConformanceReport, checkPlugin, type Violation } from '@maxent/core/testing';
import { encodePolicy, readPolicy, type TrainedPolicy } from '@maxent/policy';
import { comparisons } from '../bench/agents/comparisons.js';
import { type Workload, workloads } from '../bench/agents/workloads.js';
import { benchmarks } from '../bench/index.js';
import type { Subject } from './subjects.js';

/** An agent of the registry. */
export interface Candidate {
  readonly definition: AgentDefinition;
  /** The package that registers it. */
  readonly plugin: string;
  /** How it is tested; undefined if nobody has said it. */
  readonly subject: Subject | undefined;
  readonly conformance: Conformance | undefined;
}

/** What `checkPlugin` says about an agent, by the rules' names. */
export interface Conformance extends Pick<ConformanceReport, 'passed' | 'skipped'> {
  readonly violations: readonly Violation[];
}

/** Says what is missing, or nothing. */
export type Requirement = (candidate: Candidate) => Promise<string | undefined> | string | undefined;

const root = new URL('../../../../', import.meta.url);
const SEED = 5;
const ROUNDS = 30;
/** Largest difference between an action of the agent and of its policy file. */
const TOLERANCE = 1e-4;

/** Agents that `lab bench agents` does not measure, and the benchmark that does. */
const measuredElsewhere: Readonly<Record<string, string>> = { lsp: 'flow', pearl: 'pearl-update' };

const SCHEMA = ['has a description', 'config has defaults and descriptions'];
const PRESETS = 'presets fit the config';
const RESUME = 'save and load continue bit for bit';
const SEVERAL = 'save and load continue several environments bit for bit';

/** What an agent is complete with. */
export const requirements: Readonly<Record<string, Requirement>> = {
  'a schema with defaults and descriptions': (candidate) =>
    SCHEMA.map((rule) => problemOf(candidate, rule)).find((problem) => problem !== undefined),
  'presets that fit it': (candidate) => problemOf(candidate, PRESETS),
  'every rule of checkAgent': (candidate) => {
    if (candidate.conformance === undefined) return problemOf(candidate, RESUME);
    const { violations, skipped } = candidate.conformance;
    const { rule, problem } =
      violations[0] ?? skipped.map(({ rule, reason }) => ({ rule, problem: reason }))[0] ?? {};
    return rule === undefined ? undefined : `${candidate.definition.name}: ${rule}: ${problem}`;
  },
  'kill and resume bit for bit': (candidate) => problemOf(candidate, RESUME),
  'several environments': async (candidate) => {
    const { definition, subject } = candidate;
    if (definition.severalEnvironments === true) return problemOf(candidate, SEVERAL);
    if (subject !== undefined && (await withAgent(subject, isMetaAgent))) return undefined;
    return (
      `${definition.name} cannot learn from several environments: keep what it carries for each of them ` +
      'and say severalEnvironments (packages/agents/README.md, "An agent of your own")'
    );
  },
  'a policy file that acts alike': async ({ definition: { name }, subject }) => {
    if (subject === undefined) return untested(name);
    return withAgent(subject, (agent) => policyProblem(name, agent, subject));
  },
  'a sentence for each metric': async ({ definition: { name, metrics = {} }, subject }) => {
    if (subject === undefined) return untested(name);
    const reported = await withAgent(subject, (agent) => letLearn(agent, subject));
    const unclear = Object.keys(reported).filter((metric) => metrics[metric] === undefined);
    return unclear.length === 0
      ? undefined
      : `${name} does not say what ${unclear.join(', ')} mean: add them to metrics of its definition`;
  },
  'a bench row': ({ definition: { name } }) => {
    const rows = comparisons.map(({ workload }) => (workloads[workload] as Workload).definition.name);
    if (rows.includes(name) || (measuredElsewhere[name] ?? '') in benchmarks) return undefined;
    return `${name} has no bench row: add a workload and a comparison to apps/lab/src/bench/agents`;
  },
  'a section in the README of its package': async ({ definition: { name }, plugin }) => {
    const path = `packages/${plugin.replace('@maxent/', '')}/README.md`;
    const text = await readFile(new URL(path, root), 'utf8');
    return text.includes(`\`${name}\``) ? undefined : `${path} does not say what ${name} is`;
  },
};

/** Runs `checkPlugin` on an agent. */
export async function conformanceOf({ definition, ...options }: Subject): Promise<Conformance> {
  const { name } = definition;
  const withoutName = (rule: string) => rule.replace(`agent ${name}: `, '');
  try {
    const { passed, skipped } = await checkPlugin(
      { name: 'complete', agents: [definition] },
      { agents: { [name]: { ...options, countTensors } } },
    );
    return {
      passed: passed.map(withoutName),
      skipped: skipped.map(({ rule, reason }) => ({ rule: withoutName(rule), reason })),
      violations: [],
    };
  } catch (error) {
    if (!(error instanceof ConformanceError)) throw error;
    const violations = error.violations.map(({ rule, problem }) => ({ rule: withoutName(rule), problem }));
    return { passed: [], skipped: [], violations };
  }
}

/** Why a rule does not hold; a report with violations does not say which rules hold. */
function problemOf({ definition: { name }, conformance }: Candidate, rule: string): string | undefined {
  if (conformance === undefined) return untested(name);
  const { passed, violations } = conformance;
  const violated = violations.find((violation) => violation.rule === rule);
  if (violated !== undefined) return `${name}: ${rule}: ${violated.problem}`;
  return violations.length > 0 || passed.includes(rule) ? undefined : `${name}: ${rule}: was not tried`;
}

function untested(name: string): string {
  return `${name} is not tested: add a row to apps/lab/src/complete-agent/subjects.ts`;
}

async function withAgent<T>(subject: Subject, use: (agent: Agent) => T): Promise<T> {
  const { definition, observationSpace, actionSpace, config } = subject;
  const agent = await definition.create(
    { observationSpace, actionSpace, rng: Rng.fromSeed(SEED) },
    parseConfig(definition.config, config),
  );
  try {
    return use(agent);
  } finally {
    agent.dispose();
  }
}

/** Lets the agent learn a little. Returns the metrics that it reports. */
function letLearn(agent: Agent, { observationSpace }: Subject): Metrics {
  const rng = Rng.fromSeed(SEED).split('experience');
  let metrics: Metrics = {};
  for (let round = 0; round < ROUNDS; round++) {
    const observation = observationSpace.sample(rng);
    agent.observe({
      observation,
      action: agent.act(observation, { deterministic: false }),
      reward: rng.normal(),
      nextObservation: observationSpace.sample(rng),
      terminated: false,
      truncated: round % 5 === 4,
    });
    metrics = { ...metrics, ...agent.update().metrics() };
  }
  return metrics;
}

/** After it has learned, no part of its policy is as it began. */
function policyProblem(name: string, agent: Agent, subject: Subject): string | undefined {
  const { observationSpace, actionSpace } = subject;
  letLearn(agent, subject);
  const rng = Rng.fromSeed(SEED).split('observations');
  if (agent.describePolicy === undefined) return `${name} has no describePolicy, so it cannot be exported`;
  const policy: TrainedPolicy<unknown, unknown> = readPolicy(encodePolicy(agent.describePolicy()));
  const acting = isMetaAgent(agent) ? agent.adapt({ descriptor: [0], rng: Rng.fromSeed(SEED) }) : agent;
  // The latent that an adaptation draws first.
  const task = new Float32Array(policy.taskSize);
  if (isMetaAgent(agent)) Rng.fromSeed(SEED).fillNormal(task);
  for (let i = 0; i < ROUNDS; i++) {
    const observation = observationSpace.sample(rng);
    const expected = numbersOf(actionSpace, acting.act(observation, { deterministic: true }));
    const found = numbersOf(actionSpace, policy.act(observation, policy.taskSize > 0 ? { task } : {}));
    if (expected.every((value, k) => Math.abs(value - found[k]!) < TOLERANCE)) continue;
    return `${name} acts [${expected}] where its policy file acts [${found}]`;
  }
  return undefined;
}

function numbersOf(space: Space<unknown>, action: unknown): Float64Array {
  const numbers = new Float64Array(space.flatSize);
  space.flattenInto(action, numbers);
  return numbers;
}
