import { body, geom, joint, type MjcfElement, model, motor, type Vector3 } from '../mjcf/elements.js';

/** Heights above the floor, in m, of the standing robot. */
const TOP = 1.45;
const TORSO_CENTRE = 1.25;
const HIP = 1.05;
const KNEE = 0.6;
const LEG_CENTRE = 0.35;
const ANKLE = 0.1;
/** How far the foot's frame is ahead of the ankle, and the foot's centre behind its frame. */
const TOE = 0.13;
const FOOT_CENTRE = 0.065;

/** Turns a capsule's axis from z to -x, to double precision. */
const ALONG_X = [Math.SQRT1_2, 0, -Math.SQRT1_2, 0] as const;

/**
 * A one-legged planar hopper: torso, thigh, leg and foot, all capsules. Dimensions and constants are those of
 * `hopper.xml` of Gymnasium 1.4 (MIT licence, Copyright 2016 OpenAI, 2022 Farama Foundation), after Erez, Tassa and
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
    body({ name: 'torso', pos: [0, 0, TORSO_CENTRE] }, [
      root('rootx', 'slide', [1, 0, 0], [0, 0, -TORSO_CENTRE]),
      // The height coordinate is the torso's own, not its change.
      root('rootz', 'slide', [0, 0, 1], [0, 0, -TORSO_CENTRE], TORSO_CENTRE),
      root('rooty', 'hinge', [0, 1, 0], [0, 0, 0]),
      geom({ name: 'torso', type: 'capsule', size: [0.05, TOP - TORSO_CENTRE], friction: 0.9 }),
      body({ name: 'thigh', pos: [0, 0, HIP - TORSO_CENTRE] }, [
        joint({ name: 'thigh_joint', type: 'hinge', axis: [0, -1, 0], range: [-150, 0] }),
        geom({
          name: 'thigh',
          type: 'capsule',
          pos: [0, 0, (KNEE - HIP) / 2],
          size: [0.05, (HIP - KNEE) / 2],
          friction: 0.9,
        }),
        body({ name: 'leg', pos: [0, 0, LEG_CENTRE - HIP] }, [
          joint({
            name: 'leg_joint',
            type: 'hinge',
            pos: [0, 0, KNEE - LEG_CENTRE],
            axis: [0, -1, 0],
            range: [-150, 0],
          }),
          geom({ name: 'leg', type: 'capsule', size: [0.04, KNEE - LEG_CENTRE], friction: 0.9 }),
          body({ name: 'foot', pos: [TOE, 0, -LEG_CENTRE] }, [
            joint({
              name: 'foot_joint',
              type: 'hinge',
              pos: [-TOE, 0, ANKLE],
              axis: [0, -1, 0],
              range: [-45, 45],
            }),
            geom({
              name: 'foot',
              type: 'capsule',
              pos: [-FOOT_CENTRE, 0, ANKLE],
              quat: ALONG_X,
              size: [0.06, 0.195],
              friction: 2,
            }),
          ]),
        ]),
      ]),
    ]),
  ],
  actuators: ['thigh_joint', 'leg_joint', 'foot_joint'].map((name) => motor({ joint: name })),
});

/** A free direction of the torso in the plane. */
function root(name: string, type: 'slide' | 'hinge', axis: Vector3, pos: Vector3, ref = 0): MjcfElement {
  return joint({ name, type, axis, pos, ref, limited: false, armature: 0, damping: 0, stiffness: 0 });
}
