import { body, geom, joint, type MjcfElement, model, motor, type Vector3 } from '../mjcf/elements.js';

/** Radius of every capsule. */
const RADIUS = 0.046;

/** One segment of a leg: a hinge about y and a capsule that hangs from it. Angles in radians. */
interface Segment {
  readonly name: string;
  /** Where the hinge is, in the frame of the segment above. */
  readonly hinge: Vector3;
  readonly range: readonly [number, number];
  readonly stiffness: number;
  readonly damping: number;
  readonly capsule: { readonly center: Vector3; readonly tilt: number; readonly halfLength: number };
}

const BACK_LEG: readonly Segment[] = [
  {
    name: 'bthigh',
    hinge: [-0.5, 0, 0],
    range: [-0.52, 1.05],
    stiffness: 240,
    damping: 6,
    capsule: { center: [0.1, 0, -0.13], tilt: -3.8, halfLength: 0.145 },
  },
  {
    name: 'bshin',
    hinge: [0.16, 0, -0.25],
    range: [-0.785, 0.785],
    stiffness: 180,
    damping: 4.5,
    capsule: { center: [-0.14, 0, -0.07], tilt: -2.03, halfLength: 0.15 },
  },
  {
    name: 'bfoot',
    hinge: [-0.28, 0, -0.14],
    range: [-0.4, 0.785],
    stiffness: 120,
    damping: 3,
    capsule: { center: [0.03, 0, -0.097], tilt: -0.27, halfLength: 0.094 },
  },
];

const FRONT_LEG: readonly Segment[] = [
  {
    name: 'fthigh',
    hinge: [0.5, 0, 0],
    range: [-1, 0.7],
    stiffness: 180,
    damping: 4.5,
    capsule: { center: [-0.07, 0, -0.12], tilt: 0.52, halfLength: 0.133 },
  },
  {
    name: 'fshin',
    hinge: [-0.14, 0, -0.24],
    range: [-1.2, 0.87],
    stiffness: 120,
    damping: 3,
    capsule: { center: [0.065, 0, -0.09], tilt: -0.6, halfLength: 0.106 },
  },
  {
    name: 'ffoot',
    hinge: [0.13, 0, -0.18],
    range: [-0.5, 0.5],
    stiffness: 60,
    damping: 1.5,
    capsule: { center: [0.045, 0, -0.07], tilt: -0.6, halfLength: 0.07 },
  },
];

/** Torque in N m at full control. */
const GEARS = { bthigh: 120, bshin: 90, bfoot: 60, fthigh: 120, fshin: 60, ffoot: 30 };

/**
 * A two-legged planar runner of 14 kg. Only the floor can be touched. Dimensions and constants are taken from
 * `half_cheetah.xml` of Gymnasium 1.4 (MIT license, Copyright 2016 OpenAI, 2022 Farama Foundation), after
 * Wawrzyński, "A cat-like robot real-time learning to run" (2009).
 */
export const halfCheetahModel = model({
  name: 'half cheetah',
  compiler: { angle: 'radian', inertiafromgeom: true, settotalmass: 14 },
  option: { timestep: 0.01, gravity: [0, 0, -9.81] },
  size: { memory: '1M' },
  defaults: {
    joint: {
      limited: true,
      armature: 0.1,
      damping: 0.01,
      stiffness: 8,
      solreflimit: [0.02, 1],
      solimplimit: [0, 0.8, 0.03],
    },
    geom: {
      contype: 1,
      conaffinity: 0,
      condim: 3,
      friction: [0.4, 0.1, 0.1],
      solref: [0.02, 1],
      solimp: [0, 0.8, 0.01],
      rgba: [0.8, 0.6, 0.4, 1],
    },
    motor: { ctrllimited: true, ctrlrange: [-1, 1] },
  },
  world: [
    geom({ name: 'floor', type: 'plane', size: [40, 40, 40], conaffinity: 1, rgba: [0.8, 0.9, 0.8, 1] }),
    body({ name: 'torso', pos: [0, 0, 0.7] }, [
      root('rootx', 'slide', [1, 0, 0]),
      root('rootz', 'slide', [0, 0, 1]),
      root('rooty', 'hinge', [0, 1, 0]),
      geom({ name: 'torso', type: 'capsule', fromto: [-0.5, 0, 0, 0.5, 0, 0], size: RADIUS }),
      geom({
        name: 'head',
        type: 'capsule',
        pos: [0.6, 0, 0.1],
        axisangle: [0, 1, 0, 0.87],
        size: [RADIUS, 0.15],
      }),
      ...leg(BACK_LEG),
      ...leg(FRONT_LEG),
    ]),
  ],
  actuators: Object.entries(GEARS).map(([name, gear]) => motor({ name, joint: name, gear })),
});

/** A free direction of the torso in the plane. */
function root(name: string, type: 'slide' | 'hinge', axis: Vector3): MjcfElement {
  return joint({ name, type, axis, limited: false, armature: 0, damping: 0, stiffness: 0 });
}

/** Each segment hangs from the one before it. */
function leg([segment, ...rest]: readonly Segment[]): MjcfElement[] {
  if (segment === undefined) return [];
  const { name, hinge, range, stiffness, damping, capsule } = segment;
  return [
    body({ name, pos: hinge }, [
      joint({ name, type: 'hinge', axis: [0, 1, 0], range, stiffness, damping }),
      geom({
        name,
        type: 'capsule',
        pos: capsule.center,
        axisangle: [0, 1, 0, capsule.tilt],
        size: [RADIUS, capsule.halfLength],
      }),
      ...leg(rest),
    ]),
  ];
}
