import {
  BoxGeometry,
  BufferAttribute,
  BufferGeometry,
  CapsuleGeometry,
  Color,
  CylinderGeometry,
  DataTexture,
  LinearMipmapLinearFilter,
  Mesh,
  MeshStandardMaterial,
  PlaneGeometry,
  RepeatWrapping,
  SphereGeometry,
  SRGBColorSpace,
} from 'three';
import type { Vector4 } from '../mjcf/elements.js';
import type { Geom } from './geoms.js';
import type { Surface } from './surface.js';

/** How many segments go around a round shape. */
const SEGMENTS = 32;

/** Returns a geom as a three.js mesh, whose matrix the caller sets. */
export function meshOf(geom: Geom): Mesh<BufferGeometry, MeshStandardMaterial> {
  const mesh = new Mesh(geometryOf(geom), materialOf(geom.rgba));
  mesh.matrixAutoUpdate = false;
  mesh.castShadow = true;
  mesh.receiveShadow = true;
  return mesh;
}

/** Returns a plane as a square of `2 * halfSide` m with a pattern of squares of `tileSize` m. */
export function floorOf(
  geom: Geom,
  halfSide: number,
  tileSize: number,
): Mesh<BufferGeometry, MeshStandardMaterial> {
  const material = materialOf(geom.rgba);
  material.map = checkers(halfSide / tileSize);
  const mesh = new Mesh(new PlaneGeometry(2 * halfSide, 2 * halfSide), material);
  mesh.matrixAutoUpdate = false;
  mesh.receiveShadow = true;
  return mesh;
}

function geometryOf({ shape, size: [a, b, c], surface }: Geom): BufferGeometry {
  switch (shape) {
    case 'capsule':
      // three.js puts axes along y, MuJoCo along z.
      return new CapsuleGeometry(a, 2 * b, SEGMENTS / 4, SEGMENTS).rotateX(Math.PI / 2);
    case 'cylinder':
      return new CylinderGeometry(a, a, 2 * b, SEGMENTS).rotateX(Math.PI / 2);
    case 'ellipsoid':
      return new SphereGeometry(1, SEGMENTS, SEGMENTS / 2).scale(a, b, c);
    case 'box':
      return new BoxGeometry(2 * a, 2 * b, 2 * c);
    case 'mesh':
    case 'heightField':
      return geometryOfSurface(surface!);
    default:
      return new SphereGeometry(a, SEGMENTS, SEGMENTS / 2);
  }
}

/** Normals come from the faces: MuJoCo's meshes have no others where their edges are sharp. */
function geometryOfSurface({ points, faces }: Surface): BufferGeometry {
  const indexed = new BufferGeometry()
    .setAttribute('position', new BufferAttribute(points, 3))
    .setIndex(new BufferAttribute(faces, 1));
  const geometry = indexed.toNonIndexed();
  indexed.dispose();
  geometry.computeVertexNormals();
  return geometry;
}

function materialOf([red, green, blue, opacity]: Vector4): MeshStandardMaterial {
  return new MeshStandardMaterial({
    color: new Color().setRGB(red, green, blue, SRGBColorSpace),
    roughness: 0.7,
    opacity,
    transparent: opacity < 1,
  });
}

/** Returns a texture of light and dark squares, `repeats` times two in each direction. */
function checkers(repeats: number): DataTexture {
  const [light, dark] = [
    [255, 255, 255, 255],
    [205, 205, 205, 255],
  ] as const;
  const texture = new DataTexture(Uint8Array.of(...light, ...dark, ...dark, ...light), 2, 2);
  texture.wrapS = RepeatWrapping;
  texture.wrapT = RepeatWrapping;
  texture.repeat.set(repeats, repeats);
  texture.colorSpace = SRGBColorSpace;
  // Far squares would flicker without smaller copies of the pattern.
  texture.generateMipmaps = true;
  texture.minFilter = LinearMipmapLinearFilter;
  texture.anisotropy = 8;
  texture.needsUpdate = true;
  return texture;
}
