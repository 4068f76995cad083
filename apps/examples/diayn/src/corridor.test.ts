import { checkEnvironment } from '@maxent/core/testing';
import { TimeLimit } from '@maxent/envs';
import { describe, expect, it } from 'vitest';
import { corridor, corridorMdp } from './corridor.js';
import {
  bestGuesses,
  choosing,
  divergence,
  exactSkills,
  informationBound,
  mutualInformation,
  occupancyOf,
} from './test-support/exact-skills.js';

const HORIZON = 4;
const world = (slip: number) => corridorMdp({ slip });
const left = choosing(world(0), () => 0);
const right = choosing(world(0), () => 1);
const uniform = new Float64Array(left.length).fill(0.5);

const informationOf = (slip: number, policies: readonly Float64Array[], horizon = HORIZON) =>
  mutualInformation(policies.map((policy) => occupancyOf(world(slip), policy, horizon)));

it('keeps every rule of the environment contract', async () => {
  const report = await checkEnvironment(
    async () => new TimeLimit(await corridor.create({ cells: 5, slip: 0.1 }), 4),
  );
  expect(report.skipped).toEqual([]);
});

it.each([
  [{ cells: 1 }, 'corridorMdp.cells: '],
  [{ slip: 1.5 }, 'corridorMdp.slip: '],
])('refuses %j', (options, message) => {
  expect(() => corridorMdp(options)).toThrow(message);
});

describe('I(Z; S)', () => {
  // Worked out by hand or by another program.
  it.each([
    ['left and right', 0, [left, right], Math.log(2)],
    ['left and right', 0.1, [left, right], 0.526649],
    ['left and right', 0.25, [left, right], 0.253199],
    ['left and uniform', 0, [left, uniform], 0.317103],
    ['left, right and uniform', 0, [left, right, uniform], 0.59722],
  ])('%s, slip %f', (_, slip, policies, expected) => {
    expect(informationOf(slip, policies)).toBeCloseTo(expected, 6);
  });

  it.each([1, 2, 4])('is log 2 for left and right within %i steps', (horizon) => {
    expect(informationOf(0, [left, right], horizon)).toBeCloseTo(Math.log(2), 12);
  });

  it('is less if the start counts too', () => {
    const { initial } = world(0);
    const counted = [left, right].map((policy) =>
      occupancyOf(world(0), policy, HORIZON).map((mass, state) => (HORIZON * mass + initial[state]!) / 5),
    );
    expect(mutualInformation(counted)).toBeCloseTo(0.8 * Math.log(2), 12);
  });

  it('comes from these occupancies and guesses', () => {
    const occupancies = [left, right].map((policy) => occupancyOf(world(0.25), policy, HORIZON));
    [0.404297, 0.319336, 0.146484, 0.100586, 0.029297].forEach((mass, state) => {
      expect(occupancies[0]![state]).toBeCloseTo(mass, 6);
      expect(occupancies[1]![4 - state]).toBeCloseTo(mass, 6);
    });
    const [guesses] = bestGuesses(occupancies);
    [0.932432, 0.760465, 0.5, 0.239535, 0.067568].forEach((probability, state) => {
      expect(guesses![state]).toBeCloseTo(probability, 6);
    });
  });

  it.each([
    ['any discriminator bounds it', [0.9, 0.7, 0.5, 0.3, 0.1], 0.246555],
    ['one that cannot tell says nothing', [0.5, 0.5, 0.5, 0.5, 0.5], 0],
    ['the best one reaches it', [0.932432, 0.760465, 0.5, 0.239535, 0.067568], 0.253199],
  ])('%s', (_, guess, expected) => {
    const skills = { mdp: world(0.25), policies: [left, right], horizon: HORIZON };
    const guesses = [guess, guess.map((probability) => 1 - probability)];
    const bound = informationBound(skills, guesses);
    expect(bound).toBeCloseTo(expected, 6);
    const occupancies = skills.policies.map((policy) => occupancyOf(skills.mdp, policy, HORIZON));
    expect(mutualInformation(occupancies) - bound).toBeCloseTo(divergence(occupancies, guesses), 12);
  });

  // Among all sets of deterministic policies.
  it.each([
    [2, 0, Math.log(2)],
    [2, 0.1, 0.526649],
    [2, 0.25, 0.253199],
    [3, 0, 0.939484],
    // More skills need not tell more: p(z) is uniform.
    [3, 0.25, 0.244653],
  ])('of the best %i skills, slip %f', (count, slip, expected) => {
    const mdp = world(slip);
    const occupancies = Array.from({ length: 32 }, (_, code) =>
      occupancyOf(
        mdp,
        choosing(mdp, (state) => (code >> state) & 1),
        HORIZON,
      ),
    );
    const best = (chosen: readonly Float64Array[], from: number): number => {
      if (chosen.length === count) return mutualInformation(chosen);
      return Math.max(...occupancies.slice(from).map((rho, i) => best([...chosen, rho], from + i + 1)), 0);
    };
    expect(best([], 0)).toBeCloseTo(expected, 6);
  });
});

// From skills that hardly differ, as untrained networks do.
it.each([
  [0.1, 0.526649],
  [0.25, 0.253199],
])('exact DIAYN never lowers its objective and finds the best pair, slip %f', (slip, best) => {
  const leaning = [0.52, 0.49].map((probability) =>
    Float64Array.from(uniform, (_, i) => (i % 2 === 0 ? probability : 1 - probability)),
  );
  const skills = { mdp: world(slip), policies: leaning, horizon: HORIZON };
  const rounds = exactSkills(skills, { temperature: 0.01, rounds: 30 });
  rounds.slice(1).forEach(({ objective }, round) => {
    expect(objective).toBeGreaterThan(rounds[round]!.objective - 1e-12);
  });
  const found = informationOf(slip, rounds.at(-1)!.policies);
  expect(found).toBeGreaterThan(best - 1e-3);
});
