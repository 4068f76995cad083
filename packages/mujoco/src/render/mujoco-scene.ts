import type { Environment } from '@maxent/core';
import {
  type BufferGeometry,
  Color,
  DirectionalLight,
  Fog,
  HemisphereLight,
  type Mesh,
  type MeshStandardMaterial,
  PerspectiveCamera,
  Scene,
} from 'three';
import type { Geom } from './geoms.js';
import { floorOf, meshOf } from './scene-parts.js';
import { simulationOf } from './simulation-of.js';
import { BACKGROUND, type CameraOptions, FIELD_OF_VIEW, LIGHT, Stage } from './stage.js';

/** The distances, in radii of the robot, between which a floor disappears in the haze. */
const HAZE = [3, 15] as const;

interface Part {
  readonly geom: Geom;
  readonly mesh: Mesh<BufferGeometry, MeshStandardMaterial>;
}

/**
 * A MuJoCo environment as three.js objects: geoms, light, and a camera that follows the robot. Distances are in m and z
 * points up, as in MuJoCo. Draw `scene` from `camera` with your own renderer, or let `MujocoRenderer` do it. Add what
 * you like to the scene. It holds memory in MuJoCo and, once drawn, on the graphics card: call `dispose`.
 */
export class MujocoScene {
  readonly scene = new Scene();
  /** Set `aspect` to the picture's aspect ratio, then call `updateProjectionMatrix`. */
  readonly camera: PerspectiveCamera;
  private readonly stage: Stage;
  private readonly parts: readonly Part[];
  private readonly light: DirectionalLight;

  /** Throws InvalidInputError when there is no MuJoCo environment inside the environment's wrappers. */
  constructor(environment: Environment, camera: CameraOptions = {}) {
    this.stage = new Stage(simulationOf(environment), camera);
    const { geoms, distance, radius, tileSize } = this.stage;
    const [haze, end] = [distance + HAZE[0] * radius, distance + HAZE[1] * radius];
    this.scene.background = new Color(BACKGROUND);
    this.scene.fog = new Fog(BACKGROUND, haze, end);
    this.camera = new PerspectiveCamera(FIELD_OF_VIEW, 4 / 3, 0.02 * distance, 2 * end);
    this.camera.up.set(0, 0, 1);

    // A whole number of pairs of squares to either side, so that the pattern stays in place as the floor moves along.
    const halfSide = 2 * tileSize * Math.ceil(end / (2 * tileSize));
    this.parts = geoms.map((geom) => {
      const mesh = geom.shape === 'plane' ? floorOf(geom, halfSide, tileSize) : meshOf(geom);
      this.scene.add(mesh);
      return { geom, mesh };
    });
    this.light = lightOver(2 * radius);
    this.scene.add(this.light, this.light.target, new HemisphereLight('white', 'gray', 1.5));
    this.place();
  }

  /** Updates the scene from the environment's current state. Throws InvalidStateError once it is closed. */
  update(): void {
    this.stage.update();
    this.place();
  }

  /** Frees all memory; the environment stays open. Call once. */
  dispose(): void {
    this.stage.delete();
    this.light.dispose();
    for (const { mesh } of this.parts) {
      mesh.geometry.dispose();
      mesh.material.map?.dispose();
      mesh.material.dispose();
    }
  }

  private place(): void {
    const { eye, target, distance } = this.stage;
    this.camera.position.set(...eye);
    this.camera.lookAt(...target);
    this.light.target.position.set(...target);
    this.light.position
      .set(...LIGHT)
      .multiplyScalar(distance)
      .add(this.light.target.position);
    for (const part of this.parts) this.placePart(part);
  }

  private placePart({ geom, mesh }: Part): void {
    const { geomXpos, geomXmat } = this.stage.arrays;
    const [p, m] = [3 * geom.number, 9 * geom.number];
    // biome-ignore format: a matrix
    mesh.matrix.set(
      geomXmat[m]!, geomXmat[m + 1]!, geomXmat[m + 2]!, geomXpos[p]!,
      geomXmat[m + 3]!, geomXmat[m + 4]!, geomXmat[m + 5]!, geomXpos[p + 1]!,
      geomXmat[m + 6]!, geomXmat[m + 7]!, geomXmat[m + 8]!, geomXpos[p + 2]!,
      0, 0, 0, 1,
    );
    if (geom.shape === 'plane') mesh.matrix.setPosition(...this.stage.floorUnderTarget(geom));
    mesh.matrixWorldNeedsUpdate = true;
  }
}

/** Returns the sun, with shadows within `reach` m of its target. */
function lightOver(reach: number): DirectionalLight {
  const light = new DirectionalLight('white', 2.5);
  light.castShadow = true;
  light.shadow.mapSize.set(1024, 1024);
  light.shadow.normalBias = 0.01 * reach;
  const { camera } = light.shadow;
  [camera.left, camera.right, camera.bottom, camera.top] = [-reach, reach, -reach, reach];
  [camera.near, camera.far] = [0.1 * reach, 10 * reach];
  return light;
}
