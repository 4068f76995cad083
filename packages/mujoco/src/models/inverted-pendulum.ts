import { body, geom, joint, model, motor, type Vector4 } from '../mjcf/elements.js';

/** Turns a capsule's axis from z to x; to three digits, as in the source. */
// biome-ignore lint/suspicious/noApproximativeNumericConstant: the source has three digits.
const ALONG_X: Vector4 = [0.707, 0, 0.707, 0];

/**
 * A pole on a cart on a rail, pushed by a motor along the rail. Nothing touches anything. Dimensions and constants
 * are taken from `inverted_pendulum.xml` of Gymnasium 1.4 (MIT license, Copyright 2016 OpenAI, 2022 Farama
 * Foundation).
 */
export const invertedPendulumModel = model({
  name: 'inverted pendulum',
  compiler: { angle: 'degree', inertiafromgeom: true },
  option: { timestep: 0.02, integrator: 'RK4', gravity: [0, 0, -9.81] },
  size: { memory: '1M' },
  defaults: {
    joint: { armature: 0, damping: 1, limited: true },
    geom: { contype: 0, friction: [1, 0.1, 0.1], rgba: [0.7, 0.7, 0, 1] },
    motor: { ctrllimited: true, ctrlrange: [-3, 3] },
  },
  world: [
    geom({ name: 'rail', type: 'capsule', quat: ALONG_X, size: [0.02, 1], rgba: [0.3, 0.3, 0.7, 1] }),
    body({ name: 'cart' }, [
      joint({ name: 'slider', type: 'slide', axis: [1, 0, 0], range: [-1, 1] }),
      geom({ name: 'cart', type: 'capsule', quat: ALONG_X, size: [0.1, 0.1] }),
      body({ name: 'pole' }, [
        joint({ name: 'hinge', type: 'hinge', axis: [0, 1, 0], range: [-90, 90] }),
        // The tip is a millimeter off, so that the pole does not balance by itself.
        geom({
          name: 'cpole',
          type: 'capsule',
          fromto: [0, 0, 0, 0.001, 0, 0.6],
          size: 0.049,
          rgba: [0, 0.7, 0.7, 1],
        }),
      ]),
    ]),
  ],
  actuators: [motor({ name: 'slide', joint: 'slider', gear: 100 })],
});
