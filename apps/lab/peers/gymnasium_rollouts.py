"""Rollouts of the real Gymnasium from random states with random actions, for `lab bench rollout-parity`.

    python apps/lab/peers/gymnasium_rollouts.py STARTS STEPS

Prints one JSON document: for every task its rollouts, each with the state and actions as `maxent rollout` takes them,
and what Gymnasium made of them, up to the step that terminates. Tasks whose steps are random are made without that:
a state and actions do not determine them. Needs gymnasium 1.4.0 and mujoco 3.14.0.
"""
import json
import platform
import sys

import gymnasium
import mujoco
import numpy

MUJOCO = [
    "InvertedPendulum-v5",
    "InvertedDoublePendulum-v5",
    "Reacher-v5",
    "Pusher-v5",
    "Swimmer-v5",
    "Hopper-v5",
    "Walker2d-v5",
    "HalfCheetah-v5",
    "Ant-v5",
    "Humanoid-v5",
]
# Half the width of the box, around the given centre, from which states are drawn.
CLASSIC = {
    "CartPole-v1": ([0, 0, 0, 0], [2, 2, 0.15, 2]),
    "Pendulum-v1": ([0, 0], [7, 8]),
    "MountainCar-v0": ([-0.3, 0], [0.8, 0.07]),
    "MountainCarContinuous-v0": ([-0.3, 0], [0.7, 0.07]),
    "Acrobot-v1": ([0, 0, 0, 0], [1, 3, 2, 4]),
}
# Options there and here.
TOY_TEXT = {
    "FrozenLake-v1": ({"is_slippery": False}, ["slippery=false"]),
    "FrozenLake8x8-v1": ({"is_slippery": False}, ["slippery=false"]),
    "CliffWalking-v1": ({}, []),
    "Taxi-v4": ({}, []),
}


def plain(value):
    """A value as JSON can hold it."""
    if isinstance(value, (numpy.ndarray, numpy.generic)):
        return value.tolist()
    return value


def camel(name):
    head, *tail = name.split("_")
    return head + "".join(word.capitalize() for word in tail)


def actions_of(rng, space, count):
    """For a Box in single and double precision in turn, a little beyond its bounds."""
    if isinstance(space, gymnasium.spaces.Discrete):
        return [int(action) for action in rng.integers(space.n, size=count)]
    actions = rng.uniform(1.2 * space.low, 1.2 * space.high, size=(count, *space.shape))
    return [action.astype(numpy.float32) if t % 2 == 0 else action for t, action in enumerate(actions)]


def play(raw, state, observation, actions):
    answer = {"observations": [plain(observation)], "rewards": [], "terminated": [], "infos": []}
    for action in actions:
        observation, reward, terminated, _, info = raw.step(action)
        # The probability of the entry of the table that was drawn: our tables put entries of one successor together.
        info.pop("prob", None)
        answer["observations"].append(plain(observation))
        answer["rewards"].append(float(reward))
        answer["terminated"].append(bool(terminated))
        answer["infos"].append({camel(name): plain(value) for name, value in info.items()})
        if terminated:
            break
    return {"input": {"state": state, "actions": [plain(action) for action in actions]}, "expected": answer}


def from_physics(rng, raw, start, steps):
    """From a state near the way of random actions; with a warm start every other time."""
    raw.reset(seed=start)
    data = raw.data
    visited = []
    for action in actions_of(rng, raw.action_space, 40):
        visited.append((data.qpos.copy(), data.qvel.copy()))
        if raw.step(action)[2]:
            break
    # The early half: an episode that is about to end makes a short rollout.
    qpos, qvel = visited[rng.integers((len(visited) + 1) // 2)]
    state = {
        "qpos": qpos + rng.uniform(-0.01, 0.01, size=qpos.shape),
        "qvel": qvel + rng.normal(scale=0.1, size=qvel.shape),
    }
    if start % 2 == 1:
        state["qaccWarmstart"] = data.qacc_warmstart.copy()
    mujoco.mj_resetData(raw.model, data)
    data.qpos[:] = state["qpos"]
    data.qvel[:] = state["qvel"]
    data.qacc_warmstart[:] = state.get("qaccWarmstart", 0)
    mujoco.mj_forward(raw.model, data)
    observation = raw._get_obs()
    state = {name: plain(value) for name, value in state.items()}
    return play(raw, state, observation, actions_of(rng, raw.action_space, steps))


def from_vector(rng, raw, centre, width, steps):
    raw.reset(seed=0)
    state = rng.uniform(-1, 1, size=len(centre)) * width + centre
    raw.state = state.copy()
    if hasattr(raw, "_get_obs"):
        observation = raw._get_obs()
    elif hasattr(raw, "_get_ob"):
        observation = raw._get_ob()
    else:
        observation = state.astype(numpy.float32)
    return play(raw, plain(state), observation, actions_of(rng, raw.action_space, steps))


def from_index(rng, raw, steps):
    raw.reset(seed=0)
    # Where an episode can be: a state that it can start in or move to without ending.
    alive = set(numpy.flatnonzero(raw.initial_state_distrib).tolist())
    for moves in raw.P.values():
        alive |= {entry[1] for entries in moves.values() for entry in entries if not entry[3]}
    # Entries of a table that leave a state for itself and end there are of states in which an episode has ended.
    over = {s for s, moves in raw.P.items() if all(entry[3] and entry[1] == s for es in moves.values() for entry in es)}
    if hasattr(raw, "decode"):
        over |= {s for s in alive for _, _, place, goal in [tuple(raw.decode(s))] if place == goal}
    state = int(rng.choice(sorted(alive - over)))
    raw.s = state
    return play(raw, [state], state, actions_of(rng, raw.action_space, steps))


def task(identifier, options, env_set, roll):
    raw = gymnasium.make(identifier, **options).unwrapped
    return {"id": identifier, "envSet": env_set, "rollouts": roll(raw)}


def main():
    starts, steps = int(sys.argv[1]), int(sys.argv[2])
    rng = numpy.random.default_rng(20240607)
    tasks = [
        task(name, {}, [], lambda raw: [from_physics(rng, raw, start, steps) for start in range(starts)])
        for name in MUJOCO
    ]
    for name, (centre, width) in CLASSIC.items():
        tasks.append(
            task(name, {}, [], lambda raw: [from_vector(rng, raw, centre, width, steps) for _ in range(starts)])
        )
    for name, (options, env_set) in TOY_TEXT.items():
        tasks.append(task(name, options, env_set, lambda raw: [from_index(rng, raw, steps) for _ in range(starts)]))
    versions = {
        "gymnasium": gymnasium.__version__,
        "mujoco": mujoco.__version__,
        "numpy": numpy.__version__,
        "python": platform.python_version(),
    }
    json.dump({"versions": versions, "tasks": tasks}, sys.stdout)


if __name__ == "__main__":
    main()
