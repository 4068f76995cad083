"""The peers' side of `lab bench agents`: `agents_worker.py stable-baselines3|pytorch|python`, one process each.

One JSON object per line; requests on stdin, replies on stdout:
    {"command": "describe"}                    {"versions": {...}}
    {"command": "exchange", "path": PATH}      {}; makes a counterpart of the agent in that safetensors file
    {"command": "answer", "updates": N}        {NAME: NUMBER}; means of the metrics of the first N updates
    {"command": "update", "seconds": S}        {"updates": N, "seconds": S}
A package that cannot be imported is answered, once, by {"missing": PYTHON'S WORDS}. Stops at the end of stdin.

stable-baselines3 is SAC and DQN as they are, through their own `train`, with replay in their own buffers. pytorch is
agents_reference.py. python learns tables with lists and the math module, which for rows of a few numbers are faster
than numpy.
"""
import json
import math
import platform
import sys
import time

from worker import missing, reply, requests

PEER = sys.argv[1]
SEED = 1
try:
    import numpy
    import safetensors

    versions = {
        "python": platform.python_version(),
        "numpy": numpy.__version__,
        "safetensors": safetensors.__version__,
    }
    if PEER != "python":
        import torch

        torch.set_num_threads(1)
        torch.manual_seed(SEED)
        versions["torch"] = torch.__version__
    if PEER == "stable-baselines3":
        import gymnasium
        import stable_baselines3
        from stable_baselines3.common.logger import Logger
        from stable_baselines3.common.utils import polyak_update

        versions["stable-baselines3"] = stable_baselines3.__version__
        versions["gymnasium"] = gymnasium.__version__
    elif PEER == "pytorch":
        from agents_reference import reference_for
except Exception as error:
    missing(error)


class Problem:
    """Our agent as its file tells it: weights by name, transitions, configuration."""

    def __init__(self, path):
        with safetensors.safe_open(path, framework="numpy") as file:
            arrays = {name: file.get_tensor(name) for name in file.keys()}
            metadata = file.metadata()
        self.agent = metadata["agent"]
        self.config = json.loads(metadata["config"])
        self.observation_size = int(metadata["observationSize"])
        self.action_size = int(metadata["actionSize"])
        prefix = "replay/"
        self.replay = {name.removeprefix(prefix): array for name, array in arrays.items() if name.startswith(prefix)}
        self.weights = {name: array for name, array in arrays.items() if not name.startswith(prefix)}


class StableBaselines3:
    CHUNK = 10

    def __init__(self, problem):
        config = problem.config
        unbounded = gymnasium.spaces.Box(-numpy.inf, numpy.inf, (problem.observation_size,))
        continuous = problem.agent == "sac"
        spaces = {
            "observation_space": unbounded,
            "action_space": gymnasium.spaces.Box(-1, 1, (problem.action_size,))
            if continuous
            else gymnasium.spaces.Discrete(problem.action_size),
        }
        # Only its spaces are ever looked at.
        environment = type("Spaces", (gymnasium.Env,), spaces)()
        shared = {
            "batch_size": config["batchSize"],
            "gamma": config["discount"],
            "buffer_size": config["replayCapacity"],
            "policy_kwargs": {"net_arch": config["hiddenSizes"]},
            "learning_starts": 0,
            "seed": SEED,
            "device": "cpu",
        }
        if continuous:
            assert config["actorLearningRate"] == config["criticLearningRate"] == config["temperatureLearningRate"]
            assert config["temperature"] == config["targetEntropy"] == "auto" and config["criticCount"] == 2
            self.model = stable_baselines3.SAC(
                "MlpPolicy",
                environment,
                learning_rate=config["criticLearningRate"],
                tau=config["targetRate"],
                **shared,
            )
        else:
            assert problem.agent == "dqn" and not config["doubleQ"] and config["loss"] == "huber"
            assert config["targetRate"] == 1 and config["targetEvery"] % self.CHUNK == 0
            self.model = stable_baselines3.DQN(
                "MlpPolicy",
                environment,
                learning_rate=config["learningRate"],
                max_grad_norm=config["maxGradientNorm"],
                **shared,
            )
        # `train` may be called without `learn`, which would make one.
        self.model.set_logger(Logger(None, []))
        self.batch_size = config["batchSize"]
        self.target_every = None if continuous else config["targetEvery"]
        self.updates = 0
        actions = problem.replay["actions"]
        rows = zip(
            problem.replay["observations"],
            problem.replay["nextObservations"],
            actions if continuous else actions.astype(numpy.int64),
            problem.replay["rewards"],
            problem.replay["terminated"],
            strict=True,
        )
        for observation, next_observation, action, reward, terminated in rows:
            self.model.replay_buffer.add(
                observation[None], next_observation[None], action[None], reward, terminated, [{}]
            )

    def update(self):
        self.model.train(gradient_steps=self.CHUNK, batch_size=self.batch_size)
        self.updates += self.CHUNK
        # DQN leaves this to its loop over environment steps.
        if self.target_every is not None and self.updates % self.target_every == 0:
            polyak_update(self.model.q_net.parameters(), self.model.q_net_target.parameters(), 1.0)


class PyTorch:
    CHUNK = 1

    def __init__(self, problem):
        self.reference = reference_for(problem)
        self.update = self.reference.update

    def answer(self, updates):
        sums = {}
        for _ in range(updates):
            self.update()
            for name, value in self.reference.metrics.items():
                sums[name] = sums.get(name, 0) + float(value)
        return {name: total / updates for name, total in sums.items()}


class PythonTable:
    CHUNK = 1000

    def __init__(self, problem):
        config, replay = problem.config, problem.replay
        assert config["stepSize"] == "rescaled-linear"
        self.discount = config["discount"]
        # None for the hard backup.
        self.temperature = config["temperature"] if problem.agent == "soft-q-learning" else None
        assert config.get("actionPrior", "none") == "none"
        self.values = [[0.0] * problem.action_size for _ in range(problem.observation_size)]
        self.visits = [[0] * problem.action_size for _ in range(problem.observation_size)]
        columns = [
            replay["observations"].astype(int),
            replay["actions"].astype(int),
            replay["rewards"].astype(float),
            replay["nextObservations"].astype(int),
            replay["terminated"].astype(bool),
        ]
        self.transitions = list(zip(*(column[:, 0].tolist() for column in columns), strict=True))
        self.next = 0

    def value(self, row):
        largest = max(row)
        if self.temperature is None:
            return largest
        return largest + self.temperature * math.log(sum(math.exp((q - largest) / self.temperature) for q in row))

    def learn(self, count):
        discount, values, visits, transitions = self.discount, self.values, self.visits, self.transitions
        for _ in range(count):
            state, action, reward, next_state, terminated = transitions[self.next]
            self.next = (self.next + 1) % len(transitions)
            visits[state][action] += 1
            target = reward if terminated else reward + discount * self.value(values[next_state])
            step = 1 / (1 + (1 - discount) * visits[state][action])
            values[state][action] += step * (target - values[state][action])

    def update(self):
        self.learn(self.CHUNK)

    def answer(self, updates):
        self.learn(updates)
        return {f"value{i}": q for i, q in enumerate(q for row in self.values for q in row)}


def main():
    make = {"stable-baselines3": StableBaselines3, "pytorch": PyTorch, "python": PythonTable}[PEER]
    peer = None
    for request in requests():
        command = request["command"]
        if command == "describe":
            reply({"versions": versions})
        elif command == "exchange":
            peer = make(Problem(request["path"]))
            reply({})
        elif command == "answer":
            reply(peer.answer(request["updates"]))
        else:
            start = time.perf_counter()
            updates = 0
            while time.perf_counter() - start < request["seconds"]:
                peer.update()
                updates += peer.CHUNK
            reply({"updates": updates, "seconds": time.perf_counter() - start})


if __name__ == "__main__":
    main()
