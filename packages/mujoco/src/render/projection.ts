import type { Vector3 } from '../mjcf/elements.js';
import { dot } from './frame.js';
import { FIELD_OF_VIEW, type Stage } from './stage.js';

/** The position of a point in the picture: from the left and from the top, in pixels. */
export type Pixel = readonly [x: number, y: number];

/** Points nearer than this fraction of the distance to the target are not seen. */
const NEAR = 0.02;

/** The stage's camera as a pinhole: points of the world become pixels. */
export class Projection {
  /** Unit vectors of the image in the world. */
  readonly right: Vector3;
  readonly up: Vector3;
  private readonly forward: Vector3;
  private readonly eye: Vector3;
  private readonly near: number;
  private readonly scale: number;

  constructor(
    { eye, target }: Stage,
    private readonly width: number,
    private readonly height: number,
  ) {
    const view: Vector3 = [target[0] - eye[0], target[1] - eye[1], target[2] - eye[2]];
    this.eye = [...eye];
    this.forward = unit(view);
    this.right = unit([view[1], -view[0], 0]);
    this.up = cross(this.right, this.forward);
    this.near = NEAR * Math.hypot(...view);
    this.scale = height / 2 / Math.tan((FIELD_OF_VIEW * Math.PI) / 360);
  }

  /** Returns the distance of a point from the eye along the direction of view, in m. */
  depth(point: Vector3): number {
    return dot(difference(point, this.eye), this.forward);
  }

  /** Returns whether the front of a flat surface can be seen. */
  faces(point: Vector3, normal: Vector3): boolean {
    return dot(difference(this.eye, point), normal) > 0;
  }

  /** Returns how many pixels a meter across the view has at a point. */
  scaleAt(point: Vector3): number {
    return this.scale / Math.max(this.depth(point), this.near);
  }

  /** Returns how much shorter than it is a length on a flat surface looks that runs up the picture. */
  flattening(normal: Vector3): number {
    return Math.abs(dot(normal, this.forward));
  }

  project(point: Vector3): Pixel {
    const offset = difference(point, this.eye);
    const scale = this.scaleAt(point);
    return [this.width / 2 + scale * dot(offset, this.right), this.height / 2 - scale * dot(offset, this.up)];
  }

  /** Projects a polygon, without the part behind the eye. */
  projectPolygon(corners: readonly Vector3[]): Pixel[] {
    return corners.flatMap((corner, i) => {
      const next = corners[(i + 1) % corners.length]!;
      const [here, there] = [this.depth(corner) - this.near, this.depth(next) - this.near];
      const kept = here >= 0 ? [this.project(corner)] : [];
      if (here >= 0 === there >= 0) return kept;
      const part = here / (here - there);
      const crossing = corner.map((value, axis) => value + part * (next[axis]! - value));
      return [...kept, this.project(crossing as unknown as Vector3)];
    });
  }
}

export function difference(a: Vector3, b: Vector3): Vector3 {
  return [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
}

export function cross(a: Vector3, b: Vector3): Vector3 {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}

export function unit(vector: Vector3): Vector3 {
  const length = Math.hypot(...vector);
  return [vector[0] / length, vector[1] / length, vector[2] / length];
}
