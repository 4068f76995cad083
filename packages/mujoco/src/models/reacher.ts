import { body, geom, joint, type MjcfElement, model, motor } from '../mjcf/elements.js';

/** Half the width of the arena, and the height of everything in it. */
const WALL = 0.3;
const HEIGHT = 0.01;
const TARGET = [0.1, -0.1] as const;

/**
 * A planar arm of two links, and a target that can be put anywhere near it. Dimensions and constants are taken from
 * `reacher.xml` of Gymnasium 1.4 (MIT license, Copyright 2016 OpenAI, 2022 Farama Foundation).
 */
export const reacherModel = model({
  name: 'reacher',
  compiler: { angle: 'radian', inertiafromgeom: true },
  option: { timestep: 0.01, integrator: 'RK4', gravity: [0, 0, -9.81] },
  size: { memory: '1M' },
  defaults: {
    joint: { limited: true, armature: 1, damping: 1 },
    geom: { contype: 0, friction: [1, 0.1, 0.1], rgba: [0.7, 0.7, 0, 1] },
    motor: { ctrllimited: true, ctrlrange: [-1, 1], gear: 200 },
  },
  world: [
    geom({ name: 'ground', type: 'plane', size: [1, 1, 10], conaffinity: 0, rgba: [0.9, 0.9, 0.9, 1] }),
    wall('sideS', [-1, -1], [1, -1]),
    wall('sideE', [1, -1], [1, 1]),
    wall('sideN', [-1, 1], [1, 1]),
    wall('sideW', [-1, -1], [-1, 1]),
    geom({
      name: 'root',
      type: 'cylinder',
      fromto: [0, 0, 0, 0, 0, 0.02],
      size: 0.011,
      conaffinity: 0,
      rgba: [0.9, 0.4, 0.6, 1],
    }),
    body({ name: 'body0', pos: [0, 0, HEIGHT] }, [
      link('link0'),
      joint({ name: 'joint0', type: 'hinge', axis: [0, 0, 1], limited: false }),
      body({ name: 'body1', pos: [0.1, 0, 0] }, [
        joint({ name: 'joint1', type: 'hinge', axis: [0, 0, 1], range: [-3, 3] }),
        link('link1'),
        body({ name: 'fingertip', pos: [0.11, 0, 0] }, [
          geom({ name: 'fingertip', type: 'sphere', size: 0.01, rgba: [0, 0.8, 0.6, 1] }),
        ]),
      ]),
    ]),
    body({ name: 'target', pos: [...TARGET, HEIGHT] }, [
      slide('target_x', [1, 0, 0], TARGET[0]),
      slide('target_y', [0, 1, 0], TARGET[1]),
      geom({ name: 'target', type: 'sphere', size: 0.009, conaffinity: 0, rgba: [0.9, 0.2, 0.2, 1] }),
    ]),
  ],
  actuators: [motor({ joint: 'joint0' }), motor({ joint: 'joint1' })],
});

function wall(name: string, from: readonly [number, number], to: readonly [number, number]): MjcfElement {
  const [[x0, y0], [x1, y1]] = [from, to];
  return geom({
    name,
    type: 'capsule',
    fromto: [x0 * WALL, y0 * WALL, HEIGHT, x1 * WALL, y1 * WALL, HEIGHT],
    size: 0.02,
    conaffinity: 0,
    rgba: [0.9, 0.4, 0.6, 1],
  });
}

function link(name: string): MjcfElement {
  return geom({ name, type: 'capsule', fromto: [0, 0, 0, 0.1, 0, 0], size: 0.01, rgba: [0, 0.4, 0.6, 1] });
}

/** The target's coordinate is its place in the arena, not the change of it. */
function slide(name: string, axis: readonly [number, number, number], ref: number): MjcfElement {
  return joint({
    name,
    type: 'slide',
    axis,
    range: [-0.27, 0.27],
    ref,
    armature: 0,
    damping: 0,
    stiffness: 0,
  });
}
