"""Open-loop runs of the real Gymnasium, from a start and from one that differs by 1e-15, for `bench mujoco-parity`.

    python apps/lab/peers/gymnasium_mujoco_open_loop.py STARTS STEPS ID...

Prints one JSON document: for every environment and start, the start's qpos and qvel, the actions, qpos and qvel after
every step, and the largest absolute difference of qpos and qvel to those of a second run, whose qpos began 1e-15
larger in every entry. Steps go on after an episode would have terminated: this is about physics. Needs gymnasium
1.4.0 and mujoco 3.14.0.
"""
import json
import platform
import sys

import gymnasium
import mujoco
import numpy

PERTURBATION = 1e-15


def run(raw, qpos, qvel, actions):
    """qpos and qvel after every action, [step][nq + nv], with warm start 0 at the start."""
    mujoco.mj_resetData(raw.model, raw.data)
    raw.set_state(qpos, qvel)
    states = []
    for action in actions:
        raw.do_simulation(action, raw.frame_skip)
        states.append(raw.state_vector())
    return numpy.array(states)


def compare(raw, rng, seed, steps):
    raw.reset(seed=seed)
    qpos, qvel = raw.data.qpos.copy(), raw.data.qvel.copy()
    space = raw.action_space
    actions = rng.uniform(space.low, space.high, size=(steps, *space.shape))
    states = run(raw, qpos, qvel, actions)
    beside = run(raw, qpos + PERTURBATION, qvel, actions)
    return {
        "seed": seed,
        "qpos": qpos.tolist(),
        "qvel": qvel.tolist(),
        "actions": actions.tolist(),
        "states": states.tolist(),
        "perturbedErrors": numpy.abs(states - beside).max(axis=1).tolist(),
    }


def main():
    starts, steps = int(sys.argv[1]), int(sys.argv[2])
    rng = numpy.random.default_rng(20240607)
    environments = []
    for identifier in sys.argv[3:]:
        raw = gymnasium.make(identifier).unwrapped
        rows = [compare(raw, rng, seed, steps) for seed in range(starts)]
        environments.append({"id": identifier, "frameSkip": raw.frame_skip, "starts": rows})
    versions = {
        "gymnasium": gymnasium.__version__,
        "mujoco": mujoco.__version__,
        "numpy": numpy.__version__,
        "python": platform.python_version(),
    }
    json.dump({"versions": versions, "perturbation": PERTURBATION, "environments": environments}, sys.stdout)


if __name__ == "__main__":
    main()
