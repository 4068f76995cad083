import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { defineAgent } from '../plugin.js';
import { Discrete } from '../spaces/discrete.js';
import { checkAgent } from './check-agent.js';
import { ConformanceError } from './checklist.js';
import { BROKEN_AGENTS } from './test-support/broken-agents.js';
import { buffers, Learner } from './test-support/learner.js';

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
