import type { Vector3, Vector4 } from '../mjcf/elements.js';
import type { MjModel } from '../mujoco-api.js';
import { type Surface, surfaceOfHeightField, surfaceOfMesh } from './surface.js';

/** Shapes by their numbers in MuJoCo's `mjtGeom`. The last is a signed distance field, which is drawn as its mesh. */
const SHAPES = [
  'plane',
  'heightField',
  'sphere',
  'capsule',
  'ellipsoid',
  'cylinder',
  'box',
  'mesh',
  'mesh',
] as const;

export type GeomShape = (typeof SHAPES)[number];

/** A geom as it is drawn, in its own frame. */
export interface Geom {
  /** Its number in the model. */
  readonly number: number;
  readonly shape: GeomShape;
  /**
   * Sphere: radius. Capsule and cylinder: radius and half length along z. Ellipsoid: semi-axes. Box: half sizes. Plane:
   * not used; planes are drawn infinite, as they are for contacts. Mesh and height field: not used.
   */
  readonly size: Vector3;
  /** Only of meshes and height fields. */
  readonly surface?: Surface;
  /** Red, green, blue and opacity from 0 to 1. */
  readonly rgba: Vector4;
  /** Whether any joint moves it. */
  readonly moving: boolean;
  /** Radius of a sphere around its origin that contains it. */
  readonly boundingRadius: number;
}

/** MuJoCo's viewer shows the groups below this one by default. */
const SHOWN_GROUPS = 3;

/** Returns the geoms of a model that MuJoCo's viewer would show. */
export function geomsOf(model: MjModel): readonly Geom[] {
  const sizes = model.geom_size;
  const surfaces = new Map<string, Surface>();
  const geoms: Geom[] = [];
  for (let number = 0; number < model.ngeom; number++) {
    if (model.geom_group[number]! >= SHOWN_GROUPS) continue;
    const shape = SHAPES[model.geom_type[number]!]!;
    geoms.push({
      number,
      shape,
      size: [sizes[3 * number]!, sizes[3 * number + 1]!, sizes[3 * number + 2]!],
      ...surfaceOf(model, shape, model.geom_dataid[number]!, surfaces),
      rgba: colorOf(model, number),
      moving: model.body_weldid[model.geom_bodyid[number]!] !== 0,
      boundingRadius: model.geom_rbound[number]!,
    });
  }
  return geoms;
}

/** Geoms of the same mesh share its surface. */
function surfaceOf(
  model: MjModel,
  shape: GeomShape,
  asset: number,
  known: Map<string, Surface>,
): { readonly surface?: Surface } {
  if (shape !== 'mesh' && shape !== 'heightField') return {};
  const key = `${shape} ${asset}`;
  const surface =
    known.get(key) ?? (shape === 'mesh' ? surfaceOfMesh(model, asset) : surfaceOfHeightField(model, asset));
  known.set(key, surface);
  return { surface };
}

/** Returns a geom's own color or, if it has none, its material's color. */
function colorOf(model: MjModel, number: number): Vector4 {
  const own = quadruple(model.geom_rgba, number);
  const material = model.geom_matid[number]!;
  const unsaid = own.every((value, i) => value === UNSAID[i]);
  return material >= 0 && unsaid ? quadruple(model.mat_rgba, material) : own;
}

/** The color that MuJoCo's compiler fills in. */
const UNSAID: Vector4 = [0.5, 0.5, 0.5, 1];

function quadruple(values: Float32Array, row: number): Vector4 {
  return [values[4 * row]!, values[4 * row + 1]!, values[4 * row + 2]!, values[4 * row + 3]!];
}
