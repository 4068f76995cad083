import { InvalidInputError } from '@maxent/core';
import type { Vector3, Vector4 } from '../mjcf/elements.js';
import type { MjModel } from '../mujoco-api.js';

/** Shapes that can be drawn, by their numbers in MuJoCo's `mjtGeom`. */
const SHAPES = { 0: 'plane', 2: 'sphere', 3: 'capsule', 4: 'ellipsoid', 5: 'cylinder', 6: 'box' } as const;

export type GeomShape = (typeof SHAPES)[keyof typeof SHAPES];

/** A geom as it is drawn, in its own frame. */
export interface Geom {
  /** Its number in the model. */
  readonly number: number;
  readonly shape: GeomShape;
  /**
   * Sphere: radius. Capsule and cylinder: radius and half length along z. Ellipsoid: semi-axes. Box: half sizes. Plane:
   * not used; planes are drawn infinite, as they are for contacts.
   */
  readonly size: Vector3;
  /** Red, green, blue and opacity from 0 to 1. */
  readonly rgba: Vector4;
  /** Whether any joint moves it. */
  readonly moving: boolean;
  /** Radius of a sphere around its origin that contains it. */
  readonly boundingRadius: number;
}

/** MuJoCo's viewer shows the groups below this one by default. */
const SHOWN_GROUPS = 3;

/**
 * Returns the geoms of a model that MuJoCo's viewer would show. Throws InvalidInputError if there are meshes or height
 * fields among them, which we cannot draw.
 */
export function geomsOf(model: MjModel): readonly Geom[] {
  const sizes = model.geom_size as Float64Array;
  const groups = model.geom_group as Int32Array;
  const geoms: Geom[] = [];
  for (let number = 0; number < model.ngeom; number++) {
    if (groups[number]! >= SHOWN_GROUPS) continue;
    geoms.push({
      number,
      shape: shapeOf(model, number),
      size: [sizes[3 * number]!, sizes[3 * number + 1]!, sizes[3 * number + 2]!],
      rgba: colorOf(model, number),
      moving: (model.body_weldid as Int32Array)[(model.geom_bodyid as Int32Array)[number]!] !== 0,
      boundingRadius: (model.geom_rbound as Float64Array)[number]!,
    });
  }
  return geoms;
}

function shapeOf(model: MjModel, number: number): GeomShape {
  const type = (model.geom_type as Int32Array)[number]!;
  const shape = (SHAPES as Readonly<Record<number, GeomShape>>)[type];
  if (shape !== undefined) return shape;
  throw new InvalidInputError(
    `model.geom_type[${number}]`,
    `expected ${Object.values(SHAPES).join(', ')} in a picture, got mjtGeom ${type}; ` +
      `put the geom into group ${SHOWN_GROUPS} or above to leave it out`,
  );
}

/** Returns a geom's own color or, if it has none, its material's color. */
function colorOf(model: MjModel, number: number): Vector4 {
  const own = quadruple(model.geom_rgba as Float32Array, number);
  const material = (model.geom_matid as Int32Array)[number]!;
  const unsaid = own.every((value, i) => value === UNSAID[i]);
  return material >= 0 && unsaid ? quadruple(model.mat_rgba as Float32Array, material) : own;
}

/** The color that MuJoCo's compiler fills in. */
const UNSAID: Vector4 = [0.5, 0.5, 0.5, 1];

function quadruple(values: Float32Array, row: number): Vector4 {
  return [values[4 * row]!, values[4 * row + 1]!, values[4 * row + 2]!, values[4 * row + 3]!];
}
