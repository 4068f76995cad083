import { InvalidInputError } from '@maxent/core';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadMujoco, type Mujoco } from './load-mujoco.js';
import { toXml } from './mjcf/to-xml.js';
import { antModel } from './models/ant.js';
import { halfCheetahModel } from './models/half-cheetah.js';
import { Simulation } from './simulation.js';

const HALF_CHEETAH = toXml(halfCheetahModel);
const ANT = toXml(antModel);

let mujoco: Mujoco;
beforeAll(async () => {
  mujoco = await loadMujoco();
});

function wave(t: number): Float64Array {
  return Float64Array.from({ length: 6 }, (_, i) => Math.sin(0.3 * t + i));
}

/** Positions after each of `count` steps, as numbers. */
function trace(simulation: Simulation, from: number, count: number): number[] {
  return Array.from({ length: count }, (_, k) => {
    simulation.step(wave(from + k), 5);
    return Array.from(simulation.arrays.qpos);
  }).flat();
}

function memoryBytes(simulation: Simulation): number {
  return simulation.arrays.qpos.buffer.byteLength;
}

describe('Simulation', () => {
  it('says what is wrong with a model', () => {
    expect(() => new Simulation(mujoco, { xml: '<mujoco><leg/></mujoco>' })).toThrow(InvalidInputError);
    expect(() => new Simulation(mujoco, { xml: '<mujoco><leg/></mujoco>' })).toThrow(
      /model: MuJoCo cannot.*'leg'/s,
    );
  });

  it('shares one compiled model among all simulations of it, until the last is deleted', () => {
    const [first, second] = [
      new Simulation(mujoco, { xml: HALF_CHEETAH }),
      new Simulation(mujoco, { xml: HALF_CHEETAH }),
    ];
    const other = new Simulation(mujoco, { xml: ANT });
    expect(second.model).toBe(first.model);
    expect(other.model).not.toBe(first.model);
    const expected = trace(second, 0, 20);
    second.reset();
    first.delete();
    expect(trace(second, 0, 20)).toEqual(expected);
    const { model } = second;
    second.delete();
    expect(model.isDeleted()).toBe(true);
    const third = new Simulation(mujoco, { xml: HALF_CHEETAH });
    expect(trace(third, 0, 20)).toEqual(expected);
    third.delete();
    other.delete();
  });

  it('takes its arrays once, and all of them anew when memory has grown', () => {
    const ant = new Simulation(mujoco, { xml: ANT });
    const arrays = ant.arrays;
    const lengths = Object.entries(arrays).map(([name, array]) => [name, array.length]);
    ant.step(new Float64Array(8), 5);
    expect(ant.arrays).toBe(arrays);
    const others: Simulation[] = [];
    while (arrays.qpos.length > 0) others.push(new Simulation(mujoco, { xml: ANT }));
    expect(Object.entries(ant.arrays).map(([name, array]) => [name, array.length])).toEqual(lengths);
    expect(new Set(Object.values(ant.arrays).map(({ buffer }) => buffer)).size).toBe(1);
    for (const simulation of [ant, ...others]) simulation.delete();
  });

  it('goes on unharmed when WebAssembly memory grows and takes its arrays away', () => {
    const undisturbed = new Simulation(mujoco, { xml: HALF_CHEETAH });
    const expected = trace(undisturbed, 0, 40);
    undisturbed.delete();

    const cheetah = new Simulation(mujoco, { xml: HALF_CHEETAH });
    const start = trace(cheetah, 0, 20);
    const staleView = cheetah.arrays.qpos;
    const ants: Simulation[] = [];
    while (staleView.length > 0) ants.push(new Simulation(mujoco, { xml: ANT }));
    for (const ant of ants) ant.step(new Float64Array(8).fill(0.5), 5);
    expect([...start, ...trace(cheetah, 20, 20)]).toEqual(expected);
    const heights = ants.map((ant) => ant.arrays.qpos[2]!);
    expect(new Set(heights).size).toBe(1);
    expect(heights[0]).not.toBe(0.75);
    for (const simulation of [cheetah, ...ants]) simulation.delete();
  });

  it('gives back all of its memory', () => {
    const keeper = new Simulation(mujoco, { xml: HALF_CHEETAH });
    const makeAndDelete = (count: number) => {
      for (let i = 0; i < count; i++) {
        const simulation = new Simulation(mujoco, { xml: i % 2 === 0 ? HALF_CHEETAH : ANT });
        simulation.step(new Float64Array(8), 1);
        simulation.state();
        simulation.delete();
      }
    };
    makeAndDelete(4);
    const before = memoryBytes(keeper);
    makeAndDelete(200);
    expect(memoryBytes(keeper)).toBe(before);
    keeper.delete();
  });

  it('restores the state that it gave, bit for bit, in a workspace that was used for something else', () => {
    const first = new Simulation(mujoco, { xml: HALF_CHEETAH });
    trace(first, 0, 30);
    const state = first.state();
    expect(state).toHaveLength(first.stateSize);
    const expected = trace(first, 30, 50);
    const second = new Simulation(mujoco, { xml: HALF_CHEETAH });
    trace(second, 7, 11);
    second.setState(state);
    expect(second.state()).toEqual(state);
    expect(trace(second, 30, 50)).toEqual(expected);
    first.delete();
    second.delete();
  });
});
