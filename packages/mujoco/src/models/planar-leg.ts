import { body, geom, joint, type MjcfElement, type Vector3, type Vector4 } from '../mjcf/elements.js';

/** Heights above the floor, in m, of the standing robot. */
export const TORSO_CENTER = 1.25;
const TORSO_TOP = 1.45;
const HIP = 1.05;
const KNEE = 0.6;
const LEG_CENTER = 0.35;
const ANKLE = 0.1;

/** Turns a capsule's axis from z to -x, to double precision. */
const ALONG_X = [Math.SQRT1_2, 0, -Math.SQRT1_2, 0] as const;

export interface PlanarLeg {
  /** Ends the names of the leg's parts. */
  readonly suffix?: string;
  readonly rgba?: Vector4;
  readonly foot: {
    /** How far its frame is ahead of the ankle, and its center behind its frame, in m. */
    readonly toe: number;
    readonly center: number;
    readonly halfLength: number;
    readonly friction: number;
  };
}

/** The torso's three free directions in the plane and its capsule, which Hopper and Walker2d share. */
export function planarTorso(): MjcfElement[] {
  return [
    root('rootx', 'slide', [1, 0, 0], [0, 0, -TORSO_CENTER]),
    // The height coordinate is the torso's own, not its change.
    root('rootz', 'slide', [0, 0, 1], [0, 0, -TORSO_CENTER], TORSO_CENTER),
    root('rooty', 'hinge', [0, 1, 0], [0, 0, 0]),
    geom({ name: 'torso', type: 'capsule', size: [0.05, TORSO_TOP - TORSO_CENTER], friction: 0.9 }),
  ];
}

/** Thigh, leg and foot below the hip, each with a hinge about -y. */
export function planarLeg({ suffix = '', rgba, foot }: PlanarLeg): MjcfElement {
  const color = rgba && { rgba };
  return body({ name: `thigh${suffix}`, pos: [0, 0, HIP - TORSO_CENTER] }, [
    hinge(`thigh${suffix}_joint`, [0, 0, 0], [-150, 0]),
    geom({
      name: `thigh${suffix}`,
      type: 'capsule',
      pos: [0, 0, (KNEE - HIP) / 2],
      size: [0.05, (HIP - KNEE) / 2],
      friction: 0.9,
      ...color,
    }),
    body({ name: `leg${suffix}`, pos: [0, 0, LEG_CENTER - HIP] }, [
      hinge(`leg${suffix}_joint`, [0, 0, KNEE - LEG_CENTER], [-150, 0]),
      geom({
        name: `leg${suffix}`,
        type: 'capsule',
        size: [0.04, KNEE - LEG_CENTER],
        friction: 0.9,
        ...color,
      }),
      body({ name: `foot${suffix}`, pos: [foot.toe, 0, -LEG_CENTER] }, [
        hinge(`foot${suffix}_joint`, [-foot.toe, 0, ANKLE], [-45, 45]),
        geom({
          name: `foot${suffix}`,
          type: 'capsule',
          pos: [-foot.center, 0, ANKLE],
          quat: ALONG_X,
          size: [0.06, foot.halfLength],
          friction: foot.friction,
          ...color,
        }),
      ]),
    ]),
  ]);
}

function hinge(name: string, pos: Vector3, range: readonly [number, number]): MjcfElement {
  return joint({ name, type: 'hinge', pos, axis: [0, -1, 0], range });
}

/** A free direction of the torso in the plane. */
function root(name: string, type: 'slide' | 'hinge', axis: Vector3, pos: Vector3, ref = 0): MjcfElement {
  return joint({ name, type, axis, pos, ref, limited: false, armature: 0, damping: 0, stiffness: 0 });
}
