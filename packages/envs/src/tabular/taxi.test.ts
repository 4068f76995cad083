import type { Environment } from '@maxent/core';
import { describe, expect, it } from 'vitest';
import { readFixture } from '../test-support/read-fixture.js';
import { TabularEnvironment } from './tabular-environment.js';
import { taxi, taxiEnvironment } from './taxi.js';
import { type CompactTable, expectTable, initialOf, tableOf } from './test-support/gymnasium-table.js';

const fixture = readFixture<{
  readonly variants: readonly { readonly options: object; readonly table: CompactTable }[];
  readonly actionMasks: readonly string[];
}>('taxi');

/** Our options in place of Gymnasium's keyword arguments, in the order of the fixture's variants. */
const OPTIONS = [{}, { rainy: true }, { rainy: true, rainyProbability: 0.6 }];
const [SOUTH, NORTH, EAST, WEST, PICK_UP, DROP_OFF] = [0, 1, 2, 3, 4, 5] as const;

const destinationOf = (state: number) => state % 4;
const placeOf = (state: number) => Math.floor(state / 4) % 5;

async function makeTaxi(options: Record<string, unknown> = {}): Promise<Environment<number, number>> {
  return taxiEnvironment.create(taxiEnvironment.options.parse(options));
}

/** Puts a taxi into a state; a fickle passenger's intention goes behind it. */
function putAt(environment: Environment, ...state: number[]): void {
  environment.reset({ seed: 0 });
  const data = Float64Array.from(state);
  environment.setState!({ ...environment.getState!(), arrays: { state: { shape: [data.length], data } } });
}

describe('taxi', () => {
  it.each(fixture.variants.map((variant, i) => ({ variant, options: OPTIONS[i]! })))(
    'has the transition table of Gymnasium with $variant.options',
    ({ variant, options }) => {
      const mdp = taxi(options);
      const { table } = variant;
      // Episodes never reach the others.
      expectTable(mdp, tableOf(table), (state) => placeOf(state) !== destinationOf(state));
      expect(Array.from(mdp.initial)).toEqual(initialOf(table));
      expect(mdp.terminal.reduce((sum, flag) => sum + flag, 0)).toBe(4);
    },
  );

  it('has the action masks of Gymnasium', async () => {
    const environment = await makeTaxi();
    const { terminal } = taxi();
    const masks = fixture.actionMasks.flatMap((mask, state) => {
      if (terminal[state] === 1) return [];
      // A step of no effect shows the state's own mask.
      const idle = [PICK_UP, DROP_OFF].find((action) => mask[action] === '0');
      if (idle === undefined) return [];
      putAt(environment, state);
      return [[(environment.step(idle).info.actionMask as number[]).join(''), mask]];
    });
    expect(masks.length).toBeGreaterThan(400);
    for (const [found, expected] of masks) expect(found).toBe(expected);
  });

  it('drives a passenger from yellow to red', async () => {
    const environment = await makeTaxi();
    // Row 3, column 0; passenger at yellow (2), destination red (0).
    putAt(environment, ((3 * 5 + 0) * 5 + 2) * 4 + 0);
    const actions = [SOUTH, PICK_UP, NORTH, NORTH, NORTH, EAST, WEST, NORTH, DROP_OFF];
    const steps = actions.map((action) => environment.step(action));
    expect(steps.map(({ reward }) => reward)).toEqual([-1, -1, -1, -1, -1, -1, -1, -1, 20]);
    expect(steps.map(({ terminated }) => terminated)).toEqual([...new Array(8).fill(false), true]);
  });

  it('is a table to solve unless the passenger is fickle', async () => {
    expect(await makeTaxi({ rainy: true })).toBeInstanceOf(TabularEnvironment);
    expect(await makeTaxi({ ficklePassenger: true })).not.toBeInstanceOf(TabularEnvironment);
  });

  it('lets a fickle passenger change the destination once, at the first move in the taxi', async () => {
    const environment = await makeTaxi({ ficklePassenger: true });
    const inTaxi = ((2 * 5 + 2) * 5 + 4) * 4 + 1;
    const found = new Map<number, number>();
    for (let episode = 0; episode < 3000; episode++) {
      environment.reset(episode === 0 ? { seed: 5 } : {});
      const snapshot = environment.getState!();
      const fickle = snapshot.arrays.state!.data[1]!;
      environment.setState!({
        ...snapshot,
        arrays: { state: { shape: [2], data: Float64Array.of(inTaxi, fickle) } },
      });
      environment.step(PICK_UP);
      const first = destinationOf(environment.step(NORTH).observation);
      found.set(first, (found.get(first) ?? 0) + 1);
      expect(first === 1).toBe(fickle === 0);
      expect(destinationOf(environment.step(SOUTH).observation)).toBe(first);
    }
    // 0.7 keep destination 1; 0.1 each go to another one.
    [0.1, 0.7, 0.1, 0.1].forEach((share, destination) => {
      expect(Math.abs((found.get(destination) ?? 0) / 3000 - share)).toBeLessThan(0.03);
    });
  });

  it('starts uniformly over the 300 states with a passenger to fetch', async () => {
    const environment = await makeTaxi();
    environment.reset({ seed: 1 });
    const seen = new Set<number>();
    for (let i = 0; i < 5000; i++) seen.add(environment.reset().observation);
    expect(seen.size).toBe(300);
    expect([...seen].every((state) => placeOf(state) < 4 && placeOf(state) !== destinationOf(state))).toBe(
      true,
    );
  });

  it('refuses a probability beyond 1', () => {
    expect(() => taxi({ rainyProbability: 1.5 })).toThrow(/rainyProbability/);
  });
});
