import { body, geom, joint, type MjcfElement, model, motor } from '../mjcf/elements.js';

/**
 * Three rods in a row that swim in the plane of a viscous medium; nothing can be touched. Dimensions and constants are
 * taken from `swimmer.xml` of Gymnasium 1.4 (MIT license, Copyright 2016 OpenAI, 2022 Farama Foundation), after Coulom,
 * "Reinforcement learning using neural networks, with applications to motor control" (2002).
 */
export const swimmerModel = model({
  name: 'swimmer',
  compiler: { angle: 'degree', inertiafromgeom: true },
  option: { timestep: 0.01, integrator: 'RK4', density: 4000, viscosity: 0.1 },
  size: { memory: '1M' },
  defaults: {
    joint: { armature: 0.1 },
    geom: { contype: 0, conaffinity: 0, condim: 1, rgba: [0.8, 0.6, 0.4, 1] },
    motor: { ctrllimited: true, ctrlrange: [-1, 1], gear: 150 },
  },
  world: [
    geom({
      name: 'floor',
      type: 'plane',
      pos: [0, 0, -0.1],
      size: [40, 40, 0.1],
      condim: 3,
      rgba: [0.8, 0.9, 0.8, 1],
    }),
    body({ name: 'torso' }, [
      rod(1.5, 0.5),
      joint({ name: 'slider1', type: 'slide', axis: [1, 0, 0] }),
      joint({ name: 'slider2', type: 'slide', axis: [0, 1, 0] }),
      joint({ name: 'free_body_rot', type: 'hinge', axis: [0, 0, 1] }),
      body({ name: 'mid', pos: [0.5, 0, 0] }, [
        rod(0, -1),
        bend('motor1_rot'),
        body({ name: 'back', pos: [-1, 0, 0] }, [rod(0, -1), bend('motor2_rot')]),
      ]),
    ]),
  ],
  actuators: [motor({ joint: 'motor1_rot' }), motor({ joint: 'motor2_rot' })],
});

/** A capsule along x. */
function rod(from: number, to: number): MjcfElement {
  return geom({ type: 'capsule', fromto: [from, 0, 0, to, 0, 0], size: 0.1, density: 1000 });
}

function bend(name: string): MjcfElement {
  return joint({ name, type: 'hinge', axis: [0, 0, 1], limited: true, range: [-100, 100] });
}
