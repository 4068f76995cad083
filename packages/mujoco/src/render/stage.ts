import type { BodyPoses, PoseArrays } from '../body-poses.js';
import type { Vector3 } from '../mjcf/elements.js';
import type { Simulation } from '../simulation.js';
import { farthestPoint, frameOf } from './frame.js';
import { type Geom, geomsOf } from './geoms.js';

/** The point of view. Angles are MuJoCo's. */
export interface CameraOptions {
  /** What to look at: the robot, wherever it goes along the ground, or a fixed point in m. Default `'robot'`. */
  readonly lookAt?: 'robot' | Vector3;
  /** Direction of view in degrees: 0 looks along x, 90 along y, so that x points to the right. Default 90. */
  readonly azimuth?: number;
  /** Height of view in degrees, from -90 (down) to 90. Default -20, and -60 for robots that lie flat or among walls. */
  readonly elevation?: number;
  /** Distance from what is looked at, in m. Default: three times the robot's size. */
  readonly distance?: number;
}

/** The background color of every picture. */
export const BACKGROUND = '#dbe4ee';

/** Where the light comes from: above, a little from the left and the front. A unit vector. */
export const LIGHT: Vector3 = [-0.36, -0.48, 0.8];

/** Vertical field of view in degrees, MuJoCo's default. */
export const FIELD_OF_VIEW = 45;

/** The steepest elevation in degrees: seen straight from above, z would have no direction in the picture. */
const STEEPEST = 89.9;

/** A robot is flat if its height is at most this fraction of its size. */
const FLAT = 0.1;

/** The contents of a picture, however it is drawn: geoms, where they are, and the point of view. */
export class Stage {
  readonly geoms: readonly Geom[];
  /** Where the camera is and what it looks at, in m. Its image is upright: z points up. */
  readonly eye: [number, number, number];
  readonly target: [number, number, number];
  /** Distance of the eye from the target, in m. */
  readonly distance: number;
  /** Radius of a sphere around the robot in the model's own posture, in m. */
  readonly radius: number;
  /** Side of the squares of a floor in m: a power of two near half the radius. */
  readonly tileSize: number;
  private readonly poses: BodyPoses;
  private readonly offset: Vector3;
  private readonly lookAt: Vector3 | undefined;
  private readonly center: Vector3;
  /** The first body that moves, which the camera follows, and where it is in the model's own posture. */
  private readonly tracked: number;
  private readonly origin: Vector3;

  constructor(simulation: Simulation, camera: CameraOptions = {}) {
    this.geoms = geomsOf(simulation.model);
    const bodies = Array.from(simulation.model.body_weldid as Int32Array);
    this.tracked = Math.max(
      0,
      bodies.findIndex((weld) => weld !== 0),
    );
    this.poses = simulation.poses();
    this.origin = row(this.arrays.xpos, this.tracked);
    const moving = this.geoms.filter((geom) => geom.moving);
    const fixed = this.geoms.filter(
      ({ shape, moving }) => shape !== 'plane' && shape !== 'heightField' && !moving,
    );
    const [low, high] = this.boxAround(moving.length > 0 ? moving : fixed);
    this.center = [(low[0] + high[0]) / 2, (low[1] + high[1]) / 2, (low[2] + high[2]) / 2];
    this.radius = Math.hypot(high[0] - low[0], high[1] - low[1], high[2] - low[2]) / 2;
    this.tileSize = 2 ** Math.round(Math.log2(this.radius / 2));

    const flat = high[2] - low[2] <= FLAT * Math.max(high[0] - low[0], high[1] - low[1]);
    const walled = fixed.length > 0 && this.boxAround(fixed)[1][2] > this.center[2];
    const { lookAt = 'robot', azimuth = 90, elevation = flat || walled ? -60 : -20 } = camera;
    const { distance = 3 * this.radius } = camera;
    this.distance = distance;
    const across = (azimuth * Math.PI) / 180;
    const up = (Math.min(Math.max(elevation, -STEEPEST), STEEPEST) * Math.PI) / 180;
    this.offset = [
      -distance * Math.cos(up) * Math.cos(across),
      -distance * Math.cos(up) * Math.sin(across),
      -distance * Math.sin(up),
    ];
    this.lookAt = lookAt === 'robot' ? undefined : lookAt;
    this.target = [0, 0, 0];
    this.eye = [0, 0, 0];
    this.aim();
  }

  get arrays(): PoseArrays {
    return this.poses.arrays;
  }

  /** Updates all poses from the simulation. Throws InvalidStateError once the environment is closed. */
  update(): void {
    this.poses.update();
    this.aim();
  }

  /**
   * Returns where to draw a plane, which is infinite: under the target, shifted by whole pairs of squares, so that its
   * pattern stays in place.
   */
  floorUnderTarget({ number }: Geom): Vector3 {
    const { geomXpos, geomXmat } = this.arrays;
    const [x, y, z] = row(geomXpos, number);
    const along = (column: number) => {
      const axis = (i: number) => geomXmat[9 * number + 3 * i + column]!;
      const offset =
        (this.target[0] - x) * axis(0) + (this.target[1] - y) * axis(1) + (this.target[2] - z) * axis(2);
      const shift = 2 * this.tileSize * Math.round(offset / (2 * this.tileSize));
      return [shift * axis(0), shift * axis(1), shift * axis(2)] as const;
    };
    const [a, b] = [along(0), along(1)];
    return [x + a[0] + b[0], y + a[1] + b[1], z + a[2] + b[2]];
  }

  /** Frees MuJoCo's memory. Call once. */
  delete(): void {
    this.poses.delete();
  }

  private aim(): void {
    const { xpos } = this.arrays;
    for (let axis = 0; axis < 3; axis++) {
      // The height does not follow the robot, so that a jump looks like one.
      const moved = axis === 2 ? 0 : xpos[3 * this.tracked + axis]! - this.origin[axis]!;
      this.target[axis] = this.lookAt?.[axis] ?? this.center[axis]! + moved;
      this.eye[axis] = this.target[axis]! + this.offset[axis]!;
    }
  }

  /**
   * Returns the lowest and the highest corner of the box around some geoms; without geoms, a box of 2 m around the
   * origin.
   */
  private boxAround(geoms: readonly Geom[]): readonly [low: Vector3, high: Vector3] {
    if (geoms.length === 0)
      return [
        [-1, -1, -1],
        [1, 1, 1],
      ];
    const frames = geoms.map((geom) => [geom, frameOf(this.arrays, geom)] as const);
    const reach = (axis: 0 | 1 | 2, side: 1 | -1) => {
      const direction: Vector3 = [axis === 0 ? side : 0, axis === 1 ? side : 0, axis === 2 ? side : 0];
      const farthest = frames.map(([geom, frame]) => side * farthestPoint(geom, frame, direction)[axis]);
      return side * Math.max(...farthest);
    };
    return [
      [reach(0, -1), reach(1, -1), reach(2, -1)],
      [reach(0, 1), reach(1, 1), reach(2, 1)],
    ];
  }
}

function row(values: Float64Array, number: number): Vector3 {
  return [values[3 * number]!, values[3 * number + 1]!, values[3 * number + 2]!];
}
