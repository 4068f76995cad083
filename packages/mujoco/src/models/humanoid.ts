import {
  body,
  fixedTendon,
  geom,
  joint,
  type MjcfElement,
  model,
  motor,
  type Vector3,
} from '../mjcf/elements.js';

/** The waist leans very slightly; MuJoCo normalizes this quaternion. */
const LEAN = [1, 0, -0.002, 0] as const;

type Side = 'left' | 'right';

interface HingeOptions {
  readonly axis: Vector3;
  readonly range: readonly [number, number];
  readonly armature: number;
  readonly pos?: Vector3;
  readonly damping?: number;
  readonly stiffness?: number;
}

/** The motors with their gears, in the order of the motors, which differs from the order of the joints. */
const GEARS: Readonly<Record<string, number>> = {
  abdomen_y: 100,
  abdomen_z: 100,
  abdomen_x: 100,
  right_hip_x: 100,
  right_hip_z: 100,
  right_hip_y: 300,
  right_knee: 200,
  left_hip_x: 100,
  left_hip_z: 100,
  left_hip_y: 300,
  left_knee: 200,
  right_shoulder1: 25,
  right_shoulder2: 25,
  right_elbow: 25,
  left_shoulder1: 25,
  left_shoulder2: 25,
  left_elbow: 25,
};

/**
 * A body with abdomen, legs and arms, 17 joints, free in space. Dimensions and constants are taken from `humanoid.xml`
 * of Gymnasium 1.4 (MIT license, Copyright 2016 OpenAI, 2022 Farama Foundation), after Tassa, Erez and Todorov,
 * "Synthesis and stabilization of complex behaviors through online trajectory optimization" (2012).
 */
export const humanoidModel = model({
  name: 'humanoid',
  compiler: { angle: 'degree', inertiafromgeom: true },
  option: { timestep: 0.003, integrator: 'RK4', solver: 'PGS', iterations: 50 },
  size: { memory: '4M' },
  defaults: {
    joint: { limited: true, armature: 1, damping: 1 },
    geom: { contype: 1, conaffinity: 1, condim: 1, margin: 0.001, rgba: [0.8, 0.6, 0.4, 1] },
    motor: { ctrllimited: true, ctrlrange: [-0.4, 0.4] },
  },
  world: [
    geom({
      name: 'floor',
      type: 'plane',
      size: [20, 20, 0.125],
      condim: 3,
      friction: [1, 0.1, 0.1],
      rgba: [0.8, 0.9, 0.8, 1],
    }),
    body({ name: 'torso', pos: [0, 0, 1.4] }, [
      joint({ name: 'root', type: 'free', limited: false, armature: 0, damping: 0, stiffness: 0 }),
      capsule('torso1', [0, -0.07, 0], [0, 0.07, 0], 0.07),
      geom({ name: 'head', type: 'sphere', pos: [0, 0, 0.19], size: 0.09 }),
      capsule('uwaist', [-0.01, -0.06, -0.12], [-0.01, 0.06, -0.12], 0.06),
      body({ name: 'lwaist', pos: [-0.01, 0, -0.26], quat: LEAN }, [
        capsule('lwaist', [0, -0.06, 0], [0, 0.06, 0], 0.06),
        abdomen('abdomen_z', [0, 0, 1], [-45, 45], 0.065, 20),
        abdomen('abdomen_y', [0, 1, 0], [-75, 30], 0.065, 10),
        body({ name: 'pelvis', pos: [0, 0, -0.165], quat: LEAN }, [
          abdomen('abdomen_x', [1, 0, 0], [-35, 35], 0.1, 10),
          capsule('butt', [-0.02, -0.07, 0], [-0.02, 0.07, 0], 0.09),
          leg('right'),
          leg('left'),
        ]),
      ]),
      arm('right'),
      arm('left'),
    ]),
  ],
  tendons: (['left', 'right'] as const).map((side) =>
    fixedTendon(`${side}_hipknee`, [
      { joint: `${side}_hip_y`, coef: -1 },
      { joint: `${side}_knee`, coef: 1 },
    ]),
  ),
  actuators: Object.entries(GEARS).map(([name, gear]) => motor({ name, joint: name, gear })),
});

/** The sign of y on a side of the body. */
function signOf(side: Side): 1 | -1 {
  return side === 'left' ? 1 : -1;
}

function leg(side: Side): MjcfElement {
  const y = signOf(side);
  const hip = { damping: 5, stiffness: 10 };
  return body({ name: `${side}_thigh`, pos: [0, 0.1 * y, -0.04] }, [
    hinge(`${side}_hip_x`, { ...hip, axis: [-y, 0, 0], range: [-25, 5], armature: 0.01 }),
    hinge(`${side}_hip_z`, { ...hip, axis: [0, 0, -y], range: [-60, 35], armature: 0.01 }),
    hinge(`${side}_hip_y`, {
      ...hip,
      axis: [0, 1, 0],
      range: [-110, 20],
      stiffness: 20,
      // The two hips differ in the original, and so do the knees.
      armature: side === 'left' ? 0.01 : 0.008,
    }),
    capsule(`${side}_thigh`, [0, 0, 0], [0, -0.01 * y, -0.34], 0.06),
    body({ name: `${side}_shin`, pos: [0, -0.01 * y, -0.403] }, [
      hinge(`${side}_knee`, {
        axis: [0, -1, 0],
        pos: [0, 0, 0.02],
        range: [-160, -2],
        armature: 0.006,
        stiffness: side === 'left' ? 1 : 0,
      }),
      capsule(`${side}_shin`, [0, 0, 0], [0, 0, -0.3], 0.049),
      body({ name: `${side}_foot`, pos: [0, 0, -0.45] }, [
        geom({ name: `${side}_foot`, type: 'sphere', pos: [0, 0, 0.1], size: 0.075 }),
      ]),
    ]),
  ]);
}

function arm(side: Side): MjcfElement {
  const y = signOf(side);
  const range = side === 'left' ? ([-60, 85] as const) : ([-85, 60] as const);
  return body({ name: `${side}_upper_arm`, pos: [0, 0.17 * y, 0.06] }, [
    hinge(`${side}_shoulder1`, { axis: [2, -y, 1], range, armature: 0.0068, stiffness: 1 }),
    hinge(`${side}_shoulder2`, { axis: [0, y, 1], range, armature: 0.0051, stiffness: 1 }),
    capsule(`${side}_uarm`, [0, 0, 0], [0.16, 0.16 * y, -0.16], 0.04),
    body({ name: `${side}_lower_arm`, pos: [0.18, 0.18 * y, -0.18] }, [
      hinge(`${side}_elbow`, { axis: [0, -1, -y], range: [-90, 50], armature: 0.0028 }),
      capsule(`${side}_larm`, [0.01, -0.01 * y, 0.01], [0.17, -0.17 * y, 0.17], 0.031),
      geom({ name: `${side}_hand`, type: 'sphere', pos: [0.18, -0.18 * y, 0.18], size: 0.04 }),
    ]),
  ]);
}

function abdomen(
  name: string,
  axis: Vector3,
  range: readonly [number, number],
  height: number,
  stiffness: number,
): MjcfElement {
  return hinge(name, { axis, range, pos: [0, 0, height], armature: 0.02, damping: 5, stiffness });
}

function hinge(name: string, options: HingeOptions): MjcfElement {
  return joint({ name, type: 'hinge', ...options });
}

function capsule(name: string, from: Vector3, to: Vector3, size: number): MjcfElement {
  return geom({ name, type: 'capsule', fromto: [...from, ...to], size });
}
