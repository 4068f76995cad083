import {
  body,
  type GeomAttributes,
  geom,
  joint,
  type MjcfElement,
  model,
  motor,
  type Vector3,
} from '../mjcf/elements.js';

const GRAY = [0.6, 0.6, 0.6, 1] as const;
const BLACK = [0.1, 0.1, 0.1, 1] as const;

/** Where object and goal are before they are moved, seen from above. */
const START = [0.45, -0.05] as const;

const JOINTS = [
  'r_shoulder_pan_joint',
  'r_shoulder_lift_joint',
  'r_upper_arm_roll_joint',
  'r_elbow_flex_joint',
  'r_forearm_roll_joint',
  'r_wrist_flex_joint',
  'r_wrist_roll_joint',
];

/** Two things can touch: the tip of the arm or the table, and the object. */
const TOUCHES: GeomAttributes = { contype: 1, conaffinity: 1 };

/** The arm beyond the elbow. */
const FOREARM = body({ name: 'r_elbow_flex_link', pos: [0.4, 0, 0] }, [
  rod('ef', [0, -0.02, 0], [0, 0.02, 0], 0.06),
  hinge(JOINTS[3]!, [0, 1, 0], [-2.3213, 0], 0.1),
  body({ name: 'r_forearm_roll_link' }, [
    rod('fr', [-0.1, 0, 0], [0.1, 0, 0], 0.02),
    hinge(JOINTS[4]!, [1, 0, 0], [-1.5, 1.5], 0.1),
    body({ name: 'r_forearm_link' }, [
      rod('fa', [0, 0, 0], [0.291, 0, 0], 0.05),
      body({ name: 'r_wrist_flex_link', pos: [0.321, 0, 0] }, [
        rod('wf', [0, -0.02, 0], [0, 0.02, 0], 0.01),
        hinge(JOINTS[5]!, [0, 1, 0], [-1.094, 0], 0.1),
        body({ name: 'r_wrist_roll_link' }, [
          hinge(JOINTS[6]!, [1, 0, 0], [-1.5, 1.5], 0.1),
          body({ name: 'tips_arm' }, [
            geom({ name: 'tip_arml', type: 'sphere', pos: [0.1, -0.1, 0], size: 0.01 }),
            geom({ name: 'tip_armr', type: 'sphere', pos: [0.1, 0.1, 0], size: 0.01 }),
          ]),
          rod('palm', [0, -0.1, 0], [0, 0.1, 0], 0.02, TOUCHES),
          rod('finger_left', [0, -0.1, 0], [0.1, -0.1, 0], 0.02, TOUCHES),
          rod('finger_right', [0, 0.1, 0], [0.1, 0.1, 0], 0.02, TOUCHES),
        ]),
      ]),
    ]),
  ]),
]);

const ARM = body({ name: 'r_shoulder_pan_link', pos: [0, -0.6, 0] }, [
  geom({ name: 'e1', type: 'sphere', pos: [-0.06, 0.05, 0.2], size: 0.05, rgba: GRAY }),
  geom({ name: 'e2', type: 'sphere', pos: [0.06, 0.05, 0.2], size: 0.05, rgba: GRAY }),
  geom({ name: 'e1p', type: 'sphere', pos: [-0.06, 0.09, 0.2], size: 0.03, rgba: BLACK }),
  geom({ name: 'e2p', type: 'sphere', pos: [0.06, 0.09, 0.2], size: 0.03, rgba: BLACK }),
  rod('sp', [0, 0, -0.4], [0, 0, 0.2], 0.1),
  hinge(JOINTS[0]!, [0, 0, 1], [-2.2854, 1.714602], 1),
  body({ name: 'r_shoulder_lift_link', pos: [0.1, 0, 0] }, [
    rod('sl', [0, -0.1, 0], [0, 0.1, 0], 0.1),
    hinge(JOINTS[1]!, [0, 1, 0], [-0.5236, 1.3963], 1),
    body({ name: 'r_upper_arm_roll_link' }, [
      rod('uar', [-0.1, 0, 0], [0.1, 0, 0], 0.02),
      hinge(JOINTS[2]!, [1, 0, 0], [-1.5, 1.7], 0.1),
      body({ name: 'r_upper_arm_link' }, [rod('ua', [0, 0, 0], [0.4, 0, 0], 0.06), FOREARM]),
    ]),
  ]),
]);

/**
 * An arm of seven joints next to a table on which a cylinder lies. Dimensions and constants are taken from
 * `pusher_v5.xml` of Gymnasium 1.4 (MIT license, Copyright 2016 OpenAI, 2022 Farama Foundation), which changed the
 * cylinder's density.
 */
export const pusherModel = model({
  name: 'pusher',
  compiler: { angle: 'radian', inertiafromgeom: true },
  option: { timestep: 0.01, integrator: 'Euler', iterations: 20, gravity: [0, 0, 0] },
  size: { memory: '1M' },
  defaults: {
    joint: { limited: true, armature: 0.04, damping: 1 },
    geom: { contype: 0, conaffinity: 0, condim: 1, density: 300, friction: [0.8, 0.1, 0.1], margin: 0.002 },
    motor: { ctrllimited: true, ctrlrange: [-2, 2] },
  },
  world: [
    geom({ name: 'table', type: 'plane', pos: [0, 0.5, -0.325], size: [1, 1, 0.1], ...TOUCHES }),
    ARM,
    // Cylinders have a radius and half a length; the third number means nothing, but the original has it.
    body({ name: 'object', pos: [...START, -0.275] }, [
      geom({ type: 'cylinder', size: [0.05, 0.05, 0.05], density: 0.01, contype: 1, rgba: [1, 1, 1, 1] }),
      ...slides('obj'),
    ]),
    body({ name: 'goal', pos: [...START, -0.323] }, [
      geom({ type: 'cylinder', size: [0.08, 0.001, 0.1], density: 0.00001, rgba: [1, 0, 0, 1] }),
      ...slides('goal'),
    ]),
  ],
  actuators: JOINTS.map((name) => motor({ joint: name })),
});

function rod(
  name: string,
  from: Vector3,
  to: Vector3,
  size: number,
  touch: GeomAttributes = {},
): MjcfElement {
  return geom({ name, type: 'capsule', fromto: [...from, ...to], size, ...touch });
}

function hinge(name: string, axis: Vector3, range: readonly [number, number], damping: number): MjcfElement {
  return joint({ name, type: 'hinge', axis, range, damping });
}

/** Two directions on the table; y comes first. */
function slides(name: string): MjcfElement[] {
  const range = [-10.3213, 10.3] as const;
  return [
    joint({ name: `${name}_slidey`, type: 'slide', axis: [0, 1, 0], range, damping: 0.5 }),
    joint({ name: `${name}_slidex`, type: 'slide', axis: [1, 0, 0], range, damping: 0.5 }),
  ];
}
