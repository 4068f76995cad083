import { body, geom, model, motor } from '../mjcf/elements.js';
import { planarLeg, planarTorso, TORSO_CENTER } from './planar-leg.js';

const FOOT = { toe: 0.2, center: 0.1, halfLength: 0.1, friction: 1.9 } as const;

/**
 * A planar walker: a torso on two legs like the hopper's, but with shorter feet. Only the floor can be touched.
 * Dimensions and constants are taken from `walker2d_v5.xml` of Gymnasium 1.4 (MIT license, Copyright 2016 OpenAI, 2022
 * Farama Foundation), after Erez, Tassa and Todorov, "Infinite-horizon model predictive control for periodic tasks
 * with contacts" (2011).
 */
export const walker2dModel = model({
  name: 'walker2d',
  compiler: { angle: 'degree', inertiafromgeom: true },
  option: { timestep: 0.002, integrator: 'RK4' },
  size: { memory: '1M' },
  defaults: {
    joint: { limited: true, armature: 0.01, damping: 0.1 },
    geom: {
      contype: 1,
      conaffinity: 0,
      condim: 3,
      density: 1000,
      friction: [0.7, 0.1, 0.1],
      rgba: [0.8, 0.6, 0.4, 1],
    },
    motor: { ctrllimited: true, ctrlrange: [-1, 1], gear: 100 },
  },
  world: [
    geom({ name: 'floor', type: 'plane', size: [40, 40, 40], conaffinity: 1, rgba: [0.8, 0.9, 0.8, 1] }),
    body({ name: 'torso', pos: [0, 0, TORSO_CENTER] }, [
      ...planarTorso(),
      planarLeg({ foot: FOOT }),
      planarLeg({ suffix: '_left', rgba: [0.7, 0.3, 0.6, 1], foot: FOOT }),
    ]),
  ],
  actuators: ['', '_left'].flatMap((suffix) =>
    ['thigh', 'leg', 'foot'].map((part) => motor({ joint: `${part}${suffix}_joint` })),
  ),
});
