import { selectBackend } from '@maxent/backend';
import {
  type AgentDefinition,
  Box,
  createAgent,
  Dict,
  Discrete,
  isMaxentError,
  isMetaAgent,
  MultiDiscrete,
  parseUnknown,
  Rng,
  type Space,
} from '@maxent/core';
import { beforeAll, describe, expect, it } from 'vitest';
import { builtInPlugins } from './built-in.js';

type Spaces = Readonly<Record<string, Space<unknown>>>;

const box = new Box({ low: -1, high: 1, shape: [3] });

const observations: Spaces = {
  Box: box,
  'unbounded Box': new Box({ low: -Infinity, high: Infinity, shape: [3] }),
  'image (Box)': new Box({ low: 0, high: 255, shape: [8, 8, 3] }),
  Discrete: new Discrete(4),
  MultiDiscrete: new MultiDiscrete([2, 3]),
  Dict: new Dict({ position: box, key: new Discrete(2) }),
};

const actions: Spaces = {
  Box: new Box({ low: -2, high: 2, shape: [2] }),
  'unbounded Box': new Box({ low: -Infinity, high: Infinity, shape: [2] }),
  Discrete: new Discrete(3),
  MultiDiscrete: new MultiDiscrete([2, 2]),
  Dict: new Dict({ arm: box, gripper: new Discrete(2) }),
};

/** Whether an agent takes the spaces: it is made, acts, and learns from what it did. */
async function takes(
  definition: AgentDefinition,
  observationSpace: Space<unknown>,
  actionSpace: Space<unknown>,
): Promise<boolean> {
  const rng = Rng.fromSeed(1);
  try {
    const config = parseUnknown(definition.config, {});
    const context = { observationSpace, actionSpace, rng: rng.split('agent'), tasks: [[0], [1]] };
    const agent = await createAgent(definition, context, config);
    if (isMetaAgent(agent)) agent.beginEpisode();
    for (let step = 0; step < 3; step++) {
      const observation = observationSpace.sample(rng);
      const action = agent.act(observation, { deterministic: step > 1 });
      expect(actionSpace.contains(action)).toBe(true);
      const nextObservation = observationSpace.sample(rng);
      agent.observe({ observation, action, reward: 1, nextObservation, terminated: false, truncated: false });
    }
    agent.dispose();
    return true;
  } catch (error) {
    if (!isMaxentError(error, 'SPACE_MISMATCH')) throw error;
    expect(error.message, definition.name).toContain('SPACES.md');
    return false;
  }
}

function table(kind: string, names: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line([kind, ...names]), line(['---', ...names.map(() => '---')]), ...rows.map(line)].join('\n');
}

describe('what agents take', async () => {
  const agents = (await builtInPlugins()).flatMap((plugin) => plugin.agents ?? []);

  beforeAll(() => selectBackend());

  it('is what SPACES.md of @maxent/agents says', async () => {
    const seen: string[][] = [];
    const done: string[][] = [];
    for (const agent of agents) {
      const pairs: boolean[][] = [];
      for (const observation of Object.values(observations)) {
        const row: boolean[] = [];
        for (const action of Object.values(actions)) row.push(await takes(agent, observation, action));
        pairs.push(row);
      }
      const word = (fits: boolean) => (fits ? 'yes' : 'no');
      seen.push([`\`${agent.name}\``, ...pairs.map((row) => word(row.includes(true)))]);
      done.push([
        `\`${agent.name}\``,
        ...Object.keys(actions).map((_, i) => word(pairs.some((row) => row[i] === true))),
      ]);
    }
    const page = [
      '# Agents and spaces',
      '',
      'What each agent takes, found by creating it and letting it act and learn. A test keeps this page current.',
      '',
      'Observations. Networks see them flattened: one entry for each number of a Box, one for each value of a Discrete, and',
      'the entries of a Dict part by part. An image is the vector of its pixels; there are no convolutions.',
      '',
      table('agent', Object.keys(observations), seen),
      '',
      'Actions:',
      '',
      table('agent', Object.keys(actions), done),
      '',
    ].join('\n');
    await expect(page).toMatchFileSnapshot('../../agents/SPACES.md');
  });
});
