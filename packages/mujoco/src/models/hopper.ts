import { body, geom, model, motor } from '../mjcf/elements.js';
import { planarLeg, planarTorso, TORSO_CENTER } from './planar-leg.js';

/**
 * A one-legged planar hopper: torso, thigh, leg and foot, all capsules. Dimensions and constants are taken from
 * `hopper.xml` of Gymnasium 1.4 (MIT license, Copyright 2016 OpenAI, 2022 Farama Foundation), after Erez, Tassa and
 * Todorov, "Infinite-horizon model predictive control for periodic tasks with contacts" (2011).
 */
export const hopperModel = model({
  name: 'hopper',
  compiler: { angle: 'degree', inertiafromgeom: true },
  option: { timestep: 0.002, integrator: 'RK4' },
  size: { memory: '1M' },
  defaults: {
    joint: { limited: true, armature: 1, damping: 1 },
    geom: {
      contype: 1,
      conaffinity: 1,
      condim: 1,
      margin: 0.001,
      solref: [0.02, 1],
      solimp: [0.8, 0.8, 0.01],
      rgba: [0.8, 0.6, 0.4, 1],
    },
    motor: { ctrllimited: true, ctrlrange: [-1, 1], gear: 200 },
  },
  world: [
    geom({ name: 'floor', type: 'plane', size: [20, 20, 0.125], condim: 3, rgba: [0.8, 0.9, 0.8, 1] }),
    body({ name: 'torso', pos: [0, 0, TORSO_CENTER] }, [
      ...planarTorso(),
      planarLeg({ foot: { toe: 0.13, center: 0.065, halfLength: 0.195, friction: 2 } }),
    ]),
  ],
  actuators: ['thigh_joint', 'leg_joint', 'foot_joint'].map((name) => motor({ joint: name })),
});
