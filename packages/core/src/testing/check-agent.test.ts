import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { type AgentContext, defineAgent } from '../plugin.js';
import { Rng } from '../random/rng.js';
import type { Snapshot } from '../snapshot.js';
import { Discrete } from '../spaces/discrete.js';
import { checkAgent } from './check-agent.js';
import { ConformanceError } from './checklist.js';
import { BROKEN_AGENTS } from './test-support/broken-agents.js';
import { buffers, Learner } from './test-support/learner.js';
import { SeveralLearner } from './test-support/several-learner.js';

const countTensors = () => buffers.live;

describe('checkAgent', () => {
  it('accepts an agent that keeps the contract, every rule tried', async () => {
    const before = buffers.live;
    const report = await checkAgent((context) => new Learner(context), { name: 'learner', countTensors });
    expect(report.subject).toBe('learner');
    expect(report.skipped).toEqual([]);
    expect(new Set(report.passed)).toEqual(new Set(BROKEN_AGENTS.map(([rule]) => rule)));
    expect(buffers.live).toBe(before);
  });

  it.each(BROKEN_AGENTS)('finds a violation of "%s": %s', async (rule, message, create) => {
    const violated = await checkAgent(create, { countTensors }).catch((error: unknown) => error);
    expect(violated).toBeInstanceOf(ConformanceError);
    const { violations } = violated as ConformanceError;
    expect(violations.map((violation) => violation.rule)).toEqual([rule]);
    expect(violations[0]!.problem).toContain(message);
  });

  const definition = defineAgent({
    name: 'learner',
    description: 'Learns a little.',
    config: z.object({ patience: z.int().default(1000) }),
    create: (context, { patience }) =>
      new (class extends Learner {
        override update() {
          return this.observed < patience ? { gradientSteps: 0, metrics: () => ({}) } : super.update();
        }
      })(context),
  });

  it('makes an agent from its definition with the given configuration', async () => {
    await expect(checkAgent(definition)).rejects.toThrow(/^learner violates 1 rule:\n.*no gradient step/);
    const { skipped } = await checkAgent(definition, { config: { patience: 5 } });
    expect(skipped).toEqual([{ rule: 'no tensors are left behind', reason: 'no countTensors was passed' }]);
  });

  it('names a mistake in the configuration', async () => {
    await expect(checkAgent(definition, { config: { patients: 5 } })).rejects.toThrow(
      'can be made and disposed: threw InvalidInputError: config.patients: unknown key; did you mean patience?',
    );
  });

  it('tries the agent on the spaces it is given', async () => {
    await expect(
      checkAgent((context) => new Learner(context), { actionSpace: new Discrete(3) }),
    ).rejects.toThrow('threw SpaceMismatchError: Learner: expected a Box');
  });
});

describe('checkAgent of a definition that says severalEnvironments', () => {
  const several = (create: (context: AgentContext) => Learner) =>
    defineAgent({
      name: 'several',
      description: 'Learns a little, from several environments.',
      config: z.object({}),
      severalEnvironments: true,
      create,
    });

  it('accepts an agent that keeps what it carries for each environment', async () => {
    const create = (context: AgentContext) => new SeveralLearner(context);
    const { passed } = await checkAgent(several(create), { countTensors });
    const { passed: ofOne } = await checkAgent(create, { countTensors });
    expect(passed.length).toBe(ofOne.length + 3);
  });

  it.each<[rule: string, message: string, create: (context: AgentContext) => Learner]>([
    [
      'environment 0 is the same as none',
      'an agent that is told its environment differs in round 0, environment 0: expected action',
      (context) =>
        new (class extends SeveralLearner {
          private readonly first = this.rng.split('environment 0');
          protected override streamOf(environment?: number): Rng {
            return environment === 0 ? this.first : super.streamOf(environment);
          }
          override save(): Snapshot {
            const { metadata, ...rest } = super.save();
            return { ...rest, metadata: { ...metadata, first: this.first.state() } };
          }
          override load(snapshot: Snapshot): void {
            super.load(snapshot);
            Object.assign(this, { first: Rng.fromState(snapshot.metadata.first) });
          }
        })(context),
    ],
    [
      'what is drawn for one environment does not depend on the others',
      'environment 0 has the actions Float64Array(16)',
      (context) => new Learner(context),
    ],
    [
      'save and load continue several environments bit for bit',
      'save right after load returns a different state from the one loaded',
      (context) =>
        new (class extends SeveralLearner {
          override load(snapshot: Snapshot): void {
            const kept = this.save().metadata.others as object;
            const others = { ...kept, ...(snapshot.metadata.others as object) };
            super.load({ ...snapshot, metadata: { ...snapshot.metadata, others } });
          }
        })(context),
    ],
  ])('finds a violation of "%s"', async (rule, message, create) => {
    const violated = await checkAgent(several(create), { countTensors }).catch((error: unknown) => error);
    expect(violated).toBeInstanceOf(ConformanceError);
    const { violations } = violated as ConformanceError;
    expect(violations.map((violation) => violation.rule)).toEqual([rule]);
    expect(violations[0]!.problem).toContain(message);
  });
});
