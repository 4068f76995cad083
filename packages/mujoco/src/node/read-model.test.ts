import { mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { InvalidInputError } from '@maxent/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadMujoco } from '../load-mujoco.js';
import { Simulation } from '../simulation.js';
import { modelOfMesh, TWO_PART_ROBOT, twoPartAssets } from '../test-support/two-part-robot.js';
import { readModel } from './read-model.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'robot-'));
  write('robot/arm.xml', TWO_PART_ROBOT);
  for (const [name, bytes] of Object.entries(twoPartAssets())) write(`robot/${name}`, bytes);
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  return path;
}

describe('readModel', () => {
  it('reads a model with the files that it and its includes refer to, and no others', async () => {
    write('robot/unrelated.obj', 'v 0 0 0');
    const { model, assets } = await readModel(join(folder, 'robot/arm.xml'));
    expect(model).toBe(TWO_PART_ROBOT);
    expect(assets).toEqual(twoPartAssets());
    const simulation = new Simulation(await loadMujoco(), { xml: model, assets });
    expect(simulation.model.nbody).toBe(3);
    simulation.delete();
  });

  it('reads files once, so that environments share a compiled model, until one of them changes', async () => {
    const path = join(folder, 'robot/arm.xml');
    const [first, again] = await Promise.all([readModel(path), readModel(path)]);
    expect(again).toBe(first);
    expect(await readModel(path)).toBe(first);
    const mujoco = await loadMujoco();
    const simulations = [first, again].map(
      ({ model: xml, assets }) => new Simulation(mujoco, { xml, assets }),
    );
    expect(simulations[1]!.model).toBe(simulations[0]!.model);

    utimesSync(write('robot/meshes/forearm.obj', twoPartAssets(0.75)['meshes/forearm.obj']!), 1, 1);
    const changed = await readModel(path);
    expect(changed).not.toBe(first);
    const { model: xml, assets } = changed;
    simulations.push(new Simulation(mujoco, { xml, assets }));
    const masses = simulations.map(({ model }) => model.body_mass[1]!);
    expect(masses[2]! / masses[0]!).toBeCloseTo(1.5, 5);
    for (const simulation of simulations) simulation.delete();
  });

  it('finds what attached models, includes in folders and settings of the compiler name', async () => {
    const mesh = twoPartAssets()['meshes/forearm.obj']!;
    const tool = `
      <mujoco>
        <compiler assetdir="shapes"/><asset><mesh name="blade" file="blade.obj"/></asset>
        <worldbody><body name="tool"><geom type="mesh" mesh="blade"/></body></worldbody>
      </mujoco>`;
    write('robot/lib/tool.xml', tool);
    write('robot/lib/shapes/blade.obj', mesh);
    write('robot/lib/inner.xml', '<mujoco><include file="deep.xml"/></mujoco>');
    write('robot/lib/deep.xml', '<mujoco><worldbody><body><geom size="1"/></body></worldbody></mujoco>');
    write('robot/lib/a & b.obj', mesh);
    const path = write(
      'robot/main.xml',
      `<mujoco>
        <!-- <include file="gone.xml"/> -->
        <compiler meshdir="lib"/>
        <include file='lib/inner.xml'/>
        <asset><mesh name="m" file=".\\a &amp; b.obj"/><model name="tool" file="lib/tool.xml"/></asset>
        <worldbody>
          <geom type="mesh" mesh="m"/><frame><attach model="tool" body="tool" prefix="t-"/></frame>
        </worldbody>
      </mujoco>`,
    );
    const { model: xml, assets } = await readModel(path);
    const names = ['a & b.obj', 'deep.xml', 'inner.xml', 'shapes/blade.obj', 'tool.xml'];
    expect(Object.keys(assets).sort()).toEqual(names.map((name) => `lib/${name}`));
    const simulation = new Simulation(await loadMujoco(), { xml, assets });
    expect(simulation.model.ngeom).toBe(3);
    simulation.delete();
  });

  it('leaves out folders where the model says so', async () => {
    const xml = modelOfMesh('C:\\robots\\forearm.obj', 'strippath="true" meshdir="meshes"');
    const { assets } = await readModel(write('robot/main.xml', xml));
    expect(Object.keys(assets)).toEqual(['meshes/forearm.obj']);
  });

  it('reads beside the model only from a folder that it is given', async () => {
    const path = write('robot/xml/main.xml', modelOfMesh('forearm.obj', 'meshdir="../meshes"'));
    await expect(readModel(path)).rejects.toThrow(
      `the model ${path} has <mesh file="forearm.obj">; ${join(folder, 'robot/meshes/forearm.obj')} is outside ` +
        `${join(folder, 'robot/xml')}, the only folder that files are read from: copy it there, or give a folder above`,
    );
    const { model: xml, assets } = await readModel(path, { folder: join(folder, 'robot') });
    expect(Object.keys(assets)).toEqual(['../meshes/forearm.obj']);
    const simulation = new Simulation(await loadMujoco(), { xml, assets });
    expect(simulation.model.ngeom).toBe(1);
    simulation.delete();
  });

  it('follows no symbolic link out of the folder', async () => {
    const secret = write('secret/key.obj', 'v 0 0 0');
    symlinkSync(secret, join(folder, 'robot/key.obj'));
    symlinkSync(join(folder, 'secret'), join(folder, 'robot/linked'));
    symlinkSync(join(folder, 'robot/meshes'), join(folder, 'robot/within'));
    for (const file of ['key.obj', 'linked/key.obj']) {
      const reading = readModel(write('robot/main.xml', modelOfMesh(file)));
      await expect(reading).rejects.toThrow(InvalidInputError);
      await expect(reading).rejects.toThrow(
        `has <mesh file="${file}">, a symbolic link to ${secret}, which is outside ${join(folder, 'robot')}`,
      );
    }
    const { assets } = await readModel(write('robot/main.xml', modelOfMesh('within/forearm.obj')));
    expect(Object.keys(assets)).toEqual(['within/forearm.obj']);
  });

  it.each([
    [modelOfMesh('/etc/passwd'), '<mesh file="/etc/passwd">; expected a path relative to the model'],
    [modelOfMesh('../../etc/passwd'), 'is outside'],
    [
      modelOfMesh('foream.obj', 'meshdir="meshes"'),
      '<mesh file="foream.obj">, but there is no such file: looked for',
    ],
    [
      '<mujoco><include file="parts/leg.xml"/></mujoco>',
      '<include file="parts/leg.xml">, but there is no such file',
    ],
    [
      '<mujoco><asset><texture type="cube" fileup="sky.png"/></asset></mujoco>',
      '<texture file="sky.png">, but there is',
    ],
  ])('names the file that is missing or refused: %s', async (xml, message) => {
    const reading = readModel(write('robot/main.xml', xml));
    await expect(reading).rejects.toThrow(InvalidInputError);
    await expect(reading).rejects.toThrow(message);
  });

  it('says that there is no model, and reads it once there is', async () => {
    const path = join(folder, 'late.xml');
    await expect(readModel(path)).rejects.toThrow(
      `path: expected a MuJoCo model, but there is no file ${path}`,
    );
    write('late.xml', '<mujoco/>');
    expect(await readModel(path)).toEqual({ model: '<mujoco/>', assets: {} });
  });
});
