import { softActorCritic } from '@maxent/agents';
import { selectBackend } from '@maxent/backend';
import { learningTestBackend } from '@maxent/backend/testing';
import { type AgentDefinition, defineAgent } from '@maxent/core';
import { builtInPlugins } from '@maxent/library/runs';
import { beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { type Conformance, conformanceOf, requirements } from './requirements.js';
import { subjectOf } from './subjects.js';

const registered = (await builtInPlugins()).flatMap(({ name: plugin, agents = [] }) =>
  agents.map((definition) => ({ name: definition.name, definition, plugin, subject: subjectOf(definition) })),
);

beforeAll(() => selectBackend({ prefer: learningTestBackend }));

describe.each(registered)('$name is complete with', ({ subject, ...agent }) => {
  let conformance: Conformance | undefined;
  beforeAll(async () => {
    conformance = subject && (await conformanceOf(subject));
  }, 120_000);

  it.each(Object.entries(requirements))('%s', async (_, requirement) => {
    expect(await requirement({ ...agent, subject, conformance })).toBeUndefined();
  });
});

describe('an agent that is not complete', () => {
  const missing = async (definition: AgentDefinition, subject = subjectOf(definition)) => {
    const conformance = subject && (await conformanceOf(subject));
    const candidate = { definition, plugin: '@maxent/agents', subject, conformance };
    const sentences = Object.values(requirements).map(async (requirement) => requirement(candidate));
    return (await Promise.all(sentences)).filter((sentence) => sentence !== undefined);
  };

  it('fails, if it is new, with sentences that say what to add', async () => {
    expect(new Set(await missing({ ...softActorCritic, name: 'new', severalEnvironments: false }))).toEqual(
      new Set([
        'new is not tested: add a row to apps/lab/src/complete-agent/subjects.ts',
        'new cannot learn from several environments: keep what it carries for each of them and say severalEnvironments (packages/agents/README.md, "An agent of your own")',
        'new has no bench row: add a workload and a comparison to apps/lab/src/bench/agents',
        'packages/agents/README.md does not say what new is',
      ]),
    );
  });

  it('fails with what it does wrong', async () => {
    const subject = subjectOf(softActorCritic)!;
    const config = softActorCritic.config.extend({ secret: z.number().default(1) });
    const presets = { fast: { batchSize: -1 } };
    const create: AgentDefinition['create'] = async (context, own) => {
      const agent = await subject.definition.create(context, own);
      return Object.assign(agent, {
        describePolicy: undefined,
        load: () => {},
      });
    };
    const definition = defineAgent({
      ...softActorCritic,
      name: 'sac',
      config,
      presets,
      create,
    } as AgentDefinition);
    const sentences = (await missing(definition, { ...subject, definition })).join('\n');
    expect(sentences).toContain('sac: config has defaults and descriptions: field secret has no description');
    expect(sentences).toContain(
      'sac: presets fit the config: threw InvalidInputError: presets.fast.batchSize',
    );
    expect(sentences).toContain('sac: save and load continue bit for bit: save right after load returns');
    expect(sentences).toContain(
      'sac: save and load continue several environments bit for bit: save right after',
    );
    expect(sentences).toContain('sac has no describePolicy, so it cannot be exported');
  });
});
