import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import fixture from './fixtures/stable-baselines3.json' with { type: 'json' };
import { readPolicy } from './index.js';

it('a SAC policy of Stable-Baselines3, written by the snippet of the README, acts as there', () => {
  const policy = readPolicy(Buffer.from(fixture.file, 'base64'));
  expect(policy.agent).toBe('sac');
  fixture.observations.forEach((observation, i) => {
    const action = policy.act(observation) as Float32Array;
    // Pendulum's torques range from -2 to 2.
    expect(Math.abs(action[0]! - fixture.actions[i]![0]!) / 4).toBeLessThan(2e-5);
  });
});

it('the snippet of the README is the script that made the fixture', () => {
  const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');
  expect(read('../README.md')).toContain(read('../scripts/from-stable-baselines3.py').trim());
});
