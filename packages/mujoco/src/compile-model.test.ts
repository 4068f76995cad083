import { InvalidInputError } from '@maxent/core';
import { beforeAll, describe, expect, it } from 'vitest';
import { compileModel, type ModelAssets } from './compile-model.js';
import { loadMujoco, type Mujoco } from './load-mujoco.js';
import {
  encode,
  modelOfMesh,
  TWO_PART_ROBOT,
  tetrahedron,
  twoPartAssets,
} from './test-support/two-part-robot.js';

let mujoco: Mujoco;
beforeAll(async () => {
  mujoco = await loadMujoco();
});

/** Half sizes of the first geom's box of inertia, which show the shape of its mesh. */
function sizeOf(xml: string, assets: ModelAssets): number[] {
  const model = compileModel(mujoco, xml, assets);
  const size = Array.from(model.geom_size.slice(0, 3));
  model.delete();
  return size;
}

describe('compileModel', () => {
  it('compiles a model of several files', () => {
    const model = compileModel(mujoco, TWO_PART_ROBOT, twoPartAssets());
    expect([model.nbody, model.ngeom, model.nu]).toEqual([3, 3, 2]);
    // Volume of the tetrahedron times the density of water, and a ball of 0.1 m.
    expect(model.body_mass[1]).toBeCloseTo(((0.5 * 0.2 * 0.2) / 6) * 1000, 5);
    expect(model.body_mass[2]).toBeCloseTo((4 / 3) * Math.PI * 0.001 * 1000, 9);
    model.delete();
  });

  it('reads a file anew that has the name and the length of an earlier one', () => {
    const long = sizeOf(modelOfMesh('a.obj'), { 'a.obj': tetrahedron(2) });
    const short = sizeOf(modelOfMesh('a.obj'), { 'a.obj': tetrahedron(1) });
    expect(short).not.toEqual(long);
    expect(sizeOf(modelOfMesh('a.obj'), { 'a.obj': tetrahedron(2) })).toEqual(long);
  });

  it.each([
    ['above the model', modelOfMesh('../../shapes/b.obj'), '../../shapes/b.obj'],
    ['named by a longer way', modelOfMesh('c.obj', 'meshdir="./x/../shapes"'), 'shapes/c.obj'],
    ['given by a longer way', modelOfMesh('shapes/d.obj'), './x/../shapes/d.obj'],
    ['named with backslashes', modelOfMesh('shapes\\e.obj'), 'shapes/e.obj'],
    ['whose folders are left out', modelOfMesh('/home/me/f.obj', 'strippath="true"'), 'f.obj'],
  ])('finds a file %s', (_, xml, name) => {
    expect(sizeOf(xml, { [name]: tetrahedron(1) })).toHaveLength(3);
  });

  it('keeps the model apart from an include of any name', () => {
    const names = ['model.xml', '_model.xml'];
    const include = encode('<mujoco><worldbody><geom size="1"/></worldbody></mujoco>');
    const xml = `<mujoco>${names.map((name) => `<include file="${name}"/>`).join('')}</mujoco>`;
    const model = compileModel(mujoco, xml, Object.fromEntries(names.map((name) => [name, include])));
    expect(model.ngeom).toBe(2);
    model.delete();
  });

  it.each([
    [
      { 'meshes/forearms.obj': tetrahedron(1) },
      'expected the bytes of "parts/arm.xml", which the model refers to; got meshes/forearms.obj',
    ],
    [
      { 'parts/arm.xml': undefined, 'part/arm.xml': encode('') },
      'assets["parts/arm.xml"]: expected the bytes of the file as a Uint8Array, got undefined',
    ],
    [
      { 'hills.bin': 'hills' },
      'assets["hills.bin"]: expected the bytes of the file as a Uint8Array, got "hills"',
    ],
    [
      { '/etc/passwd': encode('') },
      'assets["/etc/passwd"]: expected a path relative to the model, such as meshes/arm.stl',
    ],
    [{ '..': encode('') }, 'assets[".."]: expected a path relative to the model'],
  ])('refuses assets that lack what the model needs, or have what cannot be used: %#', (assets, message) => {
    const compile = () => compileModel(mujoco, TWO_PART_ROBOT, assets as unknown as ModelAssets);
    expect(compile).toThrow(InvalidInputError);
    expect(compile).toThrow(message);
  });

  it('names near files where one is missing', () => {
    const { 'meshes/forearm.obj': forearm, ...rest } = twoPartAssets();
    const assets = { ...rest, 'meshes/Forearm.OBJ': forearm! };
    expect(() => compileModel(mujoco, TWO_PART_ROBOT, assets)).toThrow(
      'assets: expected the bytes of "meshes/forearm.obj", which the model refers to; did you mean meshes/Forearm.OBJ?',
    );
    expect(() => compileModel(mujoco, TWO_PART_ROBOT)).toThrow(
      '"parts/arm.xml", which the model refers to; got no files',
    );
  });

  it('keeps no memory of earlier versions of a file', () => {
    const bytesInUse = () => {
      const probe = new mujoco.DoubleBuffer(1);
      const { byteLength } = probe.GetView().buffer;
      probe.delete();
      return byteLength;
    };
    const points = (height: number) =>
      Array.from(
        { length: 2000 },
        (_, i) => `v ${i % 40} ${Math.floor(i / 40)} ${((i * 61) % 101) * height}`,
      );
    const version = (height: number) => encode(`${points(height).join('\n')}\nf 1 2 41\nf 2 3 42\n`);
    const xml = modelOfMesh('versions.obj').replace('<mesh ', '<mesh inertia="shell" ');
    for (let i = 0; i < 10; i++) sizeOf(xml, { 'versions.obj': version(1 + i) });
    const before = bytesInUse();
    for (let i = 0; i < 40; i++) sizeOf(xml, { 'versions.obj': version(20 + i) });
    expect(bytesInUse()).toBe(before);
  });

  it('leaves no files behind, whether it succeeds or fails', () => {
    expect(() => compileModel(mujoco, modelOfMesh('g.obj'), { '../g.obj': tetrahedron(1) })).toThrow(
      '"g.obj"',
    );
    sizeOf(modelOfMesh('g.obj'), { 'g.obj': tetrahedron(1) });
    expect(mujoco.FS.readdir('/')).not.toContain('model');
  });
});
