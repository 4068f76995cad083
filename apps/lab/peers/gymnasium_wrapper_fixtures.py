"""What the wrappers of the real Gymnasium make of scripted episodes, for the tests of packages/envs.

    python apps/lab/peers/gymnasium_wrapper_fixtures.py packages/envs/src/fixtures/wrappers.json

The file holds the script (observations, rewards and ends of episodes) and what each wrapper gave. Needs gymnasium
1.4.0.
"""
import json
import pathlib
import platform
import sys

import gymnasium
import numpy
from gymnasium import spaces, wrappers


class Scripted(gymnasium.Env):
    """Gives the recorded observations, rewards and flags in order, and keeps the actions it was given."""

    def __init__(self, script, action_space):
        self.script = script
        self.place = -1
        self.actions = []
        self.observation_space = spaces.Box(-numpy.inf, numpy.inf, (3,), numpy.float64)
        self.action_space = action_space

    def reset(self, *, seed=None, options=None):
        self.place += 1
        return numpy.array(self.script[self.place]["observation"]), {}

    def step(self, action):
        self.place += 1
        self.actions.append([float(x) for x in action])
        row = self.script[self.place]
        return numpy.array(row["observation"]), row["reward"], row["terminated"], row["truncated"], {}


def make_script(rng):
    """Rows in order; one with `reset` is what reset gives."""
    rows = []
    for length, terminated in ((9, True), (14, False), (1, True), (20, False)):
        for step in range(length + 1):
            last = step == length
            rows.append(
                {
                    "reset": step == 0,
                    "observation": (rng.normal(size=3) * [1.0, 20.0, 0.01] + [0.0, 100.0, -3.0]).tolist(),
                    "reward": float(rng.normal() * 5 + 2),
                    "terminated": last and terminated,
                    "truncated": last and not terminated,
                }
            )
    return rows


def play(environment, script, action, learned=None):
    """Observations and rewards as the wrapped environment gives them; the reward of a reset is null. With `learned`,
    statistics stop moving after so many rows."""
    observations, rewards = [], []
    for i, row in enumerate(script):
        if learned is not None:
            environment.update_running_mean = i < learned
        if row["reset"]:
            observation, _ = environment.reset()
            rewards.append(None)
        else:
            observation, reward, *_ = environment.step(action)
            rewards.append(float(reward))
        observations.append([float(x) for x in observation])
    return {"learned": learned, "observations": observations, "rewards": rewards}


def repeated(script, num_repeats):
    environment = wrappers.RepeatAction(Scripted(script, spaces.Box(-1, 1, (1,))), num_repeats)
    action = numpy.zeros(1, dtype=numpy.float32)
    rows = []
    while environment.unwrapped.place < len(script) - 1:
        observation, _ = environment.reset()
        rows.append({"observation": observation.tolist(), "reward": None})
        ended = False
        while not ended:
            observation, reward, terminated, truncated, _ = environment.step(action)
            rows.append({"observation": observation.tolist(), "reward": reward})
            ended = terminated or truncated
    return {"frames": num_repeats, "rows": rows}


def actions_through(wrap, box, given):
    """What an inner environment with this action space receives."""
    rows = [{"reset": True, "observation": [0, 0, 0], "reward": 0, "terminated": False, "truncated": False}]
    rows += [{**rows[0], "reset": False}] * len(given)
    inner = Scripted(rows, box)
    environment = wrap(inner)
    environment.reset()
    for action in given:
        environment.step(numpy.array(action, dtype=numpy.float32))
    return {"given": given, "received": inner.actions}


def flattened():
    space = spaces.Dict(
        {
            "speed": spaces.Box(numpy.array([-1, -2], dtype=numpy.float32), numpy.array([1, 3], dtype=numpy.float32)),
            "gear": spaces.Discrete(3),
            "inner": spaces.Dict({"mode": spaces.MultiDiscrete([2, 4]), "grid": spaces.Box(0, 1, (2, 2))}),
        }
    )
    space.seed(0)
    flat = spaces.utils.flatten_space(space)
    rows = []
    for _ in range(5):
        sample = space.sample()
        rows.append(
            {
                "speed": sample["speed"].tolist(),
                "gear": int(sample["gear"]),
                "mode": sample["inner"]["mode"].tolist(),
                "grid": sample["inner"]["grid"].flatten().tolist(),
                "flat": spaces.utils.flatten(space, sample).tolist(),
            }
        )
    return {"low": flat.low.tolist(), "high": flat.high.tolist(), "rows": rows}


def main():
    rng = numpy.random.default_rng(7)
    script = make_script(rng)
    box = spaces.Box(numpy.array([-2, 0], dtype=numpy.float32), numpy.array([2, 8], dtype=numpy.float32))
    one = spaces.Box(-1, 1, (1,))
    action = numpy.zeros(1, dtype=numpy.float32)
    normalized = wrappers.NormalizeObservation(Scripted(script, one))
    scaled = wrappers.NormalizeReward(Scripted(script, one), gamma=0.9)
    content = {
        "versions": {
            "gymnasium": gymnasium.__version__,
            "numpy": numpy.__version__,
            "python": platform.python_version(),
        },
        "script": script,
        "normalizeObservation": play(normalized, script, action),
        "normalizeObservationFrozen": play(
            wrappers.NormalizeObservation(Scripted(script, one)), script, action, 25
        ),
        "normalizeReward": {"discount": 0.9, **play(scaled, script, action)},
        "frameSkip": repeated(script, 4),
        "clipAction": actions_through(wrappers.ClipAction, box, [[-3, 9], [1.5, -0.5], [0.25, 7.75]]),
        "rescaleAction": actions_through(
            lambda inner: wrappers.RescaleAction(inner, numpy.float32(-1), numpy.float32(1)),
            box,
            [[-1, 1], [0, 0], [0.25, -0.75]],
        ),
        "flattenObservation": flattened(),
    }
    path = pathlib.Path(sys.argv[1])
    path.write_text(json.dumps(content, separators=(",", ":")) + "\n")
    print(path, path.stat().st_size, "bytes")


if __name__ == "__main__":
    main()
