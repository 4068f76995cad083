"""Trajectories and tables of the real Gymnasium, for the tests of packages/envs.

    python apps/lab/peers/gymnasium_classic_fixtures.py packages/envs/src/fixtures

Writes one JSON file per environment, gzipped if it is large. A trajectory holds the start state, the actions, and every observation, reward
and termination flag that followed. Numbers are written with the shortest digits that read back to the same value.
Needs gymnasium 1.4.0.
"""
import gzip
import json
import pathlib
import platform
import sys

import gymnasium
import numpy

VERSIONS = {
    "gymnasium": gymnasium.__version__,
    "numpy": numpy.__version__,
    "python": platform.python_version(),
}


def trajectory(environment, state, actions, state_dtype=numpy.float64):
    """Plays `actions` from `state` until the episode terminates."""
    raw = environment.unwrapped
    environment.reset(seed=0)
    raw.state = numpy.array(state, dtype=state_dtype)
    row = {"state": [float(x) for x in state], "actions": [], "observations": [], "rewards": [], "terminated": []}
    if isinstance(actions[0], numpy.ndarray):
        row["precision"] = str(actions[0].dtype)
    for action in actions:
        observation, reward, terminated, _, _ = raw.step(action)
        row["actions"].append(action.tolist() if isinstance(action, numpy.ndarray) else int(action))
        row["observations"].append([float(x) for x in observation])
        row["rewards"].append(float(reward))
        row["terminated"].append(terminated)
        if terminated:
            break
    return row


def write(directory, name, content):
    text = (json.dumps({"versions": VERSIONS, **content}, separators=(",", ":")) + "\n").encode()
    large = len(text) > 100_000
    path = directory / (f"{name}.json.gz" if large else f"{name}.json")
    path.write_bytes(gzip.compress(text, mtime=0) if large else text)
    print(path, path.stat().st_size, "bytes")


def uniform_actions(rng, count, limit, dtype=numpy.float32):
    return list(rng.uniform(-limit, limit, size=(count, 1)).astype(dtype))


def constant_actions(value, count):
    return [numpy.array([value], dtype=numpy.float32)] * count


def pendulum(rng):
    rows = []
    environment = gymnasium.make("Pendulum-v1")
    for state in ([numpy.pi, 0.0], [1.0, -0.5], [-2.5, 8.0], [40.0, -3.0]):
        # Torques beyond +-2 are clipped.
        rows.append({"gravity": 10.0, **trajectory(environment, state, uniform_actions(rng, 200, 3.0))})
    light = gymnasium.make("Pendulum-v1", g=3.5)
    rows.append({"gravity": 3.5, **trajectory(light, [0.3, 0.2], uniform_actions(rng, 200, 2.0))})
    # NumPy computes in the precision of the action that it is given.
    double = uniform_actions(rng, 200, 3.0, numpy.float64)
    rows.append({"gravity": 10.0, **trajectory(environment, [2.0, 0.3], double)})
    return {"trajectories": rows}


def cart_pole(rng):
    rows = []
    for sutton_barto in (False, True):
        environment = gymnasium.make("CartPole-v1", sutton_barto_reward=sutton_barto)
        for state in ([0.01, -0.02, 0.03, -0.04], [2.3, 0.5, 0.0, 0.0], [0.0, 0.0, -0.2, 1.0]):
            actions = [int(a) for a in rng.integers(2, size=500)]
            rows.append({"suttonBartoReward": sutton_barto, **trajectory(environment, state, actions)})
    # A balancing feedback keeps the pole up, so that one trajectory is long.
    environment = gymnasium.make("CartPole-v1")
    environment.reset(seed=0)
    state = [0.02, 0.0, -0.03, 0.01]
    environment.unwrapped.state = numpy.array(state)
    actions = []
    for _ in range(500):
        x, x_dot, theta, theta_dot = environment.unwrapped.state
        actions.append(int(theta + 0.3 * theta_dot + 0.02 * x + 0.05 * x_dot > 0))
        environment.unwrapped.step(actions[-1])
    rows.append({"suttonBartoReward": False, **trajectory(environment, state, actions)})
    return {"trajectories": rows}


def mountain_car(rng):
    rows = []
    environment = gymnasium.make("MountainCarContinuous-v0")
    for state in ([-0.5, 0.0], [-0.41, 0.0]):
        rows.append({"goalVelocity": 0.0, **trajectory(environment, state, uniform_actions(rng, 400, 1.5))})
    # Full throttle along the velocity reaches the goal; from the left wall the car bounces.
    for goal_velocity in (0.0, 0.02):
        environment = gymnasium.make("MountainCarContinuous-v0", goal_velocity=goal_velocity)
        environment.reset(seed=0)
        state = [-0.55, 0.0]
        environment.unwrapped.state = numpy.array(state)
        actions = []
        for _ in range(300):
            direction = 1.0 if environment.unwrapped.state[1] >= 0 else -1.0
            actions.append(numpy.array([0.9 * direction], dtype=numpy.float32))
            if environment.unwrapped.step(actions[-1])[2]:
                break
        rows.append({"goalVelocity": goal_velocity, **trajectory(environment, state, actions)})
    rows.append({"goalVelocity": 0.0, **trajectory(environment, [-1.19, -0.05], constant_actions(-1.0, 50))})
    # Beyond the right end, with too little speed for the goal.
    stuck = gymnasium.make("MountainCarContinuous-v0", goal_velocity=0.5)
    rows.append({"goalVelocity": 0.5, **trajectory(stuck, [0.58, 0.06], constant_actions(2.0, 20))})
    # NumPy computes in the precision of the action that it is given.
    environment = gymnasium.make("MountainCarContinuous-v0")
    double = uniform_actions(rng, 400, 1.5, numpy.float64)
    rows.append({"goalVelocity": 0.0, **trajectory(environment, [-0.45, 0.0], double)})
    return {"trajectories": rows}


def mountain_car_discrete(rng):
    rows = []
    for goal_velocity in (0, 0.03):
        environment = gymnasium.make("MountainCar-v0", goal_velocity=goal_velocity)
        for state in ([-0.5, 0.0], [-1.15, -0.05]):
            actions = [int(a) for a in rng.integers(3, size=200)]
            rows.append({"goalVelocity": goal_velocity, **trajectory(environment, state, actions)})
        # A push along the velocity reaches the goal.
        environment.reset(seed=0)
        state = [-0.52, 0.0]
        environment.unwrapped.state = numpy.array(state)
        actions = []
        for _ in range(300):
            actions.append(2 if environment.unwrapped.state[1] >= 0 else 0)
            if environment.unwrapped.step(actions[-1])[2]:
                break
        rows.append({"goalVelocity": goal_velocity, **trajectory(environment, state, actions)})
    return {"trajectories": rows}


def acrobot(rng):
    """The motion is chaotic: a last digit grows to a whole turn within a trajectory, so every state is written."""
    rows = []
    environment = gymnasium.make("Acrobot-v1")
    raw = environment.unwrapped
    for start, pumps in (
        ([0.05, -0.08, 0.02, 0.01], True),
        ([3.0, 2.5, -12.0, 28.0], False),
        ([-1.0, -3.1, 5.0, -20.0], False),
    ):
        environment.reset(seed=0)
        raw.state = numpy.array(start)
        row = {"states": [start], "actions": [], "observations": [], "rewards": [], "terminated": []}
        for _ in range(300 if pumps else 60):
            # Torque along the second joint's velocity pumps energy in, until the tip is up.
            action = (2 if raw.state[3] >= 0 else 0) if pumps else int(rng.integers(3))
            observation, reward, terminated, _, _ = raw.step(action)
            row["actions"].append(action)
            row["states"].append([float(x) for x in raw.state])
            row["observations"].append([float(x) for x in observation])
            row["rewards"].append(float(reward))
            row["terminated"].append(terminated)
            if terminated:
                break
        rows.append(row)
    return {"trajectories": rows}


def reset_statistics(_):
    """Mean, standard deviation, least and largest of each entry of the first observation over 2,000 resets."""
    content = {}
    for environment_id in ("CartPole-v1", "Pendulum-v1", "MountainCar-v0", "MountainCarContinuous-v0", "Acrobot-v1"):
        environment = gymnasium.make(environment_id)
        environment.reset(seed=0)
        observations = numpy.array([environment.reset()[0] for _ in range(2000)], dtype=numpy.float64)
        content[environment_id] = {
            "resets": len(observations),
            "mean": observations.mean(axis=0).tolist(),
            "deviation": observations.std(axis=0).tolist(),
            "least": observations.min(axis=0).tolist(),
            "largest": observations.max(axis=0).tolist(),
        }
    return {"environments": content}


def frozen_lake(_):
    variants = (
        {},
        {"map_name": "8x8"},
        {"is_slippery": False},
        {"success_rate": 0.8},
        {"desc": ["SFH", "FSG"], "reward_schedule": (10, -5, -1)},
    )
    rows = []
    for options in variants:
        raw = gymnasium.make("FrozenLake-v1", **options).unwrapped
        rows.append(
            {
                "options": options,
                "rows": ["".join(cell.decode() for cell in line) for line in raw.desc.tolist()],
                "initial": raw.initial_state_distrib.tolist(),
                "P": [
                    [[[p, int(s), float(r), bool(t)] for p, s, r, t in raw.P[state][action]] for action in range(4)]
                    for state in range(len(raw.P))
                ],
            }
        )
    return {"variants": rows}


def compact_table(raw):
    """Gymnasium's P: the distinct [probability, reward, terminated], and per state and action its [kind, next] pairs."""
    kinds, pairs = [], []
    for state in range(len(raw.P)):
        for action in range(len(raw.P[state])):
            row = []
            for probability, following, reward, terminated in raw.P[state][action]:
                kind = [float(probability), float(reward), bool(terminated)]
                if kind not in kinds:
                    kinds.append(kind)
                row += [kinds.index(kind), int(following)]
            pairs.append(row)
    starts = {float(p): [] for p in raw.initial_state_distrib if p > 0}
    for state, probability in enumerate(raw.initial_state_distrib):
        if probability > 0:
            starts[float(probability)].append(state)
    return {
        "states": len(raw.P),
        "actions": len(raw.P[0]),
        "starts": [[probability, states] for probability, states in starts.items()],
        "kinds": kinds,
        "pairs": pairs,
    }


def cliff_walking(_):
    rows = []
    for environment_id in ("CliffWalking-v1", "CliffWalkingSlippery-v1"):
        raw = gymnasium.make(environment_id).unwrapped
        rows.append({"id": environment_id, "table": compact_table(raw)})
    return {"variants": rows}


def taxi(_):
    variants = ({}, {"is_rainy": True}, {"is_rainy": True, "rainy_probability": 0.6})
    rows = []
    for options in variants:
        raw = gymnasium.make("Taxi-v4", **options).unwrapped
        rows.append({"options": options, "table": compact_table(raw)})
    masks = [[int(allowed) for allowed in raw.action_mask(state)] for state in range(500)]
    return {"variants": rows, "actionMasks": ["".join(map(str, mask)) for mask in masks]}


def main():
    directory = pathlib.Path(sys.argv[1])
    rng = numpy.random.default_rng(20240607)
    write(directory, "pendulum", pendulum(rng))
    write(directory, "cart-pole", cart_pole(rng))
    write(directory, "mountain-car-continuous", mountain_car(rng))
    write(directory, "frozen-lake", frozen_lake(rng))
    write(directory, "cliff-walking", cliff_walking(rng))
    write(directory, "taxi", taxi(rng))
    write(directory, "mountain-car", mountain_car_discrete(rng))
    write(directory, "acrobot", acrobot(rng))
    write(directory, "reset-statistics", reset_statistics(rng))


if __name__ == "__main__":
    main()
