import { body, geom, joint, type MjcfElement, model, motor } from '../mjcf/elements.js';

/** Where a leg points, seen from above: the signs of x and y. */
interface Leg {
  readonly number: number;
  readonly name: string;
  readonly x: 1 | -1;
  readonly y: 1 | -1;
}

const LEGS: readonly Leg[] = [
  { number: 1, name: 'front_left_leg', x: 1, y: 1 },
  { number: 2, name: 'front_right_leg', x: -1, y: 1 },
  { number: 3, name: 'back_leg', x: -1, y: -1 },
  { number: 4, name: 'right_back_leg', x: 1, y: -1 },
];

/** The motors are in a different order from the legs. */
const MOTOR_ORDER = [4, 1, 2, 3];

/** Extent along x and along y of the two parts of the thigh, and of the shin. */
const THIGH = 0.2;
const SHIN = 0.4;
const RADIUS = 0.08;

/**
 * A ball with four legs of two joints each, free in space, among geoms that it can touch if their `conaffinity` is 1.
 * Its own parts touch only these geoms and the floor. Dimensions and constants are taken from `ant.xml` of Gymnasium
 * 1.4 (MIT license, Copyright 2016 OpenAI, 2022 Farama Foundation), after Schulman, Moritz, Levine, Jordan and Abbeel,
 * "High-dimensional continuous control using generalized advantage estimation" (2015).
 */
export function antModelAmong(surroundings: readonly MjcfElement[]): MjcfElement {
  return model({
    name: 'ant',
    compiler: { angle: 'degree', inertiafromgeom: true },
    option: { timestep: 0.01, integrator: 'RK4' },
    size: { memory: '1M' },
    defaults: {
      joint: { limited: true, armature: 1, damping: 1 },
      geom: {
        conaffinity: 0,
        condim: 3,
        density: 5,
        friction: [1, 0.5, 0.5],
        margin: 0.01,
        rgba: [0.8, 0.6, 0.4, 1],
      },
      motor: { ctrllimited: true, ctrlrange: [-1, 1], gear: 150 },
    },
    world: [
      geom({ name: 'floor', type: 'plane', size: [40, 40, 40], conaffinity: 1, rgba: [0.8, 0.9, 0.8, 1] }),
      ...surroundings,
      body({ name: 'torso', pos: [0, 0, 0.75] }, [
        geom({ name: 'torso', type: 'sphere', size: 0.25 }),
        joint({ name: 'root', type: 'free', limited: false, margin: 0.01, armature: 0, damping: 0 }),
        ...LEGS.map(leg),
      ]),
    ],
    actuators: MOTOR_ORDER.flatMap((number) => [
      motor({ joint: `hip_${number}` }),
      motor({ joint: `ankle_${number}` }),
    ]),
  });
}

/** The ant in an empty world. */
export const antModel = antModelAmong([]);

/** A leg: a part fixed to the torso, a part that turns about the hip, and a shin that bends at the ankle. */
function leg({ number, name, x, y }: Leg): MjcfElement {
  return body({ name }, [
    segment(x, y, THIGH),
    body({ name: `aux_${number}`, pos: [x * THIGH, y * THIGH, 0] }, [
      joint({ name: `hip_${number}`, type: 'hinge', axis: [0, 0, 1], range: [-30, 30] }),
      segment(x, y, THIGH),
      body({ pos: [x * THIGH, y * THIGH, 0] }, [
        joint({
          name: `ankle_${number}`,
          type: 'hinge',
          axis: [-x * y, 1, 0],
          range: x > 0 ? [30, 70] : [-70, -30],
        }),
        segment(x, y, SHIN),
      ]),
    ]),
  ]);
}

function segment(x: number, y: number, extent: number): MjcfElement {
  return geom({ type: 'capsule', fromto: [0, 0, 0, x * extent, y * extent, 0], size: RADIUS });
}
