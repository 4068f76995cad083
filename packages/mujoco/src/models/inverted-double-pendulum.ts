import { body, geom, joint, type MjcfElement, model, motor, site } from '../mjcf/elements.js';

/** Length of each pole in m. */
const POLE = 0.6;

/** Turns a capsule's axis from z to x; MuJoCo makes a unit quaternion of it. */
const ALONG_X = [1, 0, 1, 0] as const;

/**
 * Two poles, one on the other, on a cart on a rail. Gravity leans a little so that nothing balances by symmetry.
 * Dimensions and constants are taken from `inverted_double_pendulum.xml` of Gymnasium 1.4 (MIT license, Copyright 2016
 * OpenAI, 2022 Farama Foundation).
 */
export const invertedDoublePendulumModel = model({
  name: 'inverted double pendulum',
  compiler: { inertiafromgeom: true },
  option: { timestep: 0.01, integrator: 'RK4', gravity: [1e-5, 0, -9.81] },
  size: { memory: '1M' },
  defaults: {
    joint: { damping: 0.05 },
    geom: { contype: 0, friction: [1, 0.1, 0.1], rgba: [0.7, 0.7, 0, 1] },
  },
  world: [
    geom({ name: 'floor', type: 'plane', pos: [0, 0, -3], size: [40, 40, 40], rgba: [0.8, 0.9, 0.8, 1] }),
    geom({ name: 'rail', type: 'capsule', quat: ALONG_X, size: [0.02, 1], rgba: [0.3, 0.3, 0.7, 1] }),
    body({ name: 'cart' }, [
      joint({
        name: 'slider',
        type: 'slide',
        axis: [1, 0, 0],
        limited: true,
        range: [-1, 1],
        margin: 0.01,
      }),
      geom({ name: 'cart', type: 'capsule', quat: ALONG_X, size: [0.1, 0.1] }),
      body({ name: 'pole' }, [
        ...pole('hinge'),
        body({ name: 'pole2', pos: [0, 0, POLE] }, [
          ...pole('hinge2'),
          site({ name: 'tip', pos: [0, 0, POLE], size: 0.01 }),
        ]),
      ]),
    ]),
  ],
  actuators: [motor({ name: 'slide', joint: 'slider', gear: 500, ctrllimited: true, ctrlrange: [-1, 1] })],
});

function pole(name: string): MjcfElement[] {
  return [
    joint({ name, type: 'hinge', axis: [0, 1, 0] }),
    geom({ type: 'capsule', fromto: [0, 0, 0, 0, 0, POLE], size: 0.045, rgba: [0, 0.7, 0.7, 1] }),
  ];
}
