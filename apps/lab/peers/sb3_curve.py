"""One seed of one Stable-Baselines3 SAC learning curve, in the same files that maxent writes.

Protocol, shared with our side: one training environment, `--steps` environment steps, an evaluation of
`--episodes` deterministic episodes on a separate environment every `--eval-every` steps, hyperparameters of
rl-baselines3-zoo's MuJoCo entry (library defaults, learning_starts 10,000), `--threads` torch threads, by default one.

Writes OUT/config.json, OUT/evaluations.jsonl. Prints one JSON line per evaluation.
"""
import argparse
import json
import os
import platform
import time

import gymnasium
import mujoco
import numpy
import stable_baselines3
import torch
from stable_baselines3 import SAC
from stable_baselines3.common.callbacks import BaseCallback

# Evaluation k of a run with seed s starts from this seed, so that it is repeatable alone.
EVALUATION_SEED_STRIDE = 10_000


class Evaluation(BaseCallback):
    """Every `every` steps: `episodes` deterministic episodes on an environment of its own."""

    def __init__(self, environment, every, episodes, seed, path):
        super().__init__()
        self.environment = environment
        self.every = every
        self.episodes = episodes
        self.seed = seed
        self.path = path
        self.started = time.time()

    def _on_step(self):
        if self.num_timesteps % self.every:
            return True
        returns = []
        lengths = []
        for episode in range(self.episodes):
            seed = None
            if episode == 0:
                seed = self.seed * EVALUATION_SEED_STRIDE + self.num_timesteps // self.every
            observation, _ = self.environment.reset(seed=seed)
            total, length, done = 0.0, 0, False
            while not done:
                action, _ = self.model.predict(observation, deterministic=True)
                observation, reward, terminated, truncated, _ = self.environment.step(action)
                total += float(reward)
                length += 1
                done = terminated or truncated
            returns.append(total)
            lengths.append(length)
        row = {
            "step": self.num_timesteps,
            "returnMean": float(numpy.mean(returns)),
            "returnStd": float(numpy.std(returns)),
            "episodes": self.episodes,
            "returns": returns,
            "lengths": lengths,
            "wallSeconds": time.time() - self.started,
        }
        with open(self.path, "a") as file:
            file.write(json.dumps(row) + "\n")
        print(json.dumps({key: row[key] for key in ("step", "returnMean", "returnStd", "wallSeconds")}), flush=True)
        return True


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--env", default="HalfCheetah-v5")
    parser.add_argument("--steps", type=int, default=100_000)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--eval-every", type=int, default=10_000)
    parser.add_argument("--episodes", type=int, default=10)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--out", required=True)
    args = parser.parse_args()

    os.makedirs(args.out)
    torch.set_num_threads(args.threads)
    evaluations = os.path.join(args.out, "evaluations.jsonl")
    model = SAC("MlpPolicy", gymnasium.make(args.env), learning_starts=10_000, seed=args.seed, device="cpu")
    with open(os.path.join(args.out, "config.json"), "w") as file:
        json.dump(
            {
                "peer": "stable-baselines3",
                "algorithm": "SAC",
                "environment": args.env,
                "seed": args.seed,
                "steps": args.steps,
                "evaluateEvery": args.eval_every,
                "episodes": args.episodes,
                "hyperparameters": {
                    "learningRate": model.learning_rate,
                    "batchSize": model.batch_size,
                    "bufferSize": model.buffer_size,
                    "learningStarts": model.learning_starts,
                    "discount": model.gamma,
                    "tau": model.tau,
                    "hidden": [256, 256],
                    "targetEntropy": float(model.target_entropy),
                },
                "versions": {
                    "python": platform.python_version(),
                    "stable-baselines3": stable_baselines3.__version__,
                    "torch": torch.__version__,
                    "gymnasium": gymnasium.__version__,
                    "mujoco": mujoco.__version__,
                    "numpy": numpy.__version__,
                },
                "torchThreads": args.threads,
            },
            file,
            indent=2,
        )
    callback = Evaluation(gymnasium.make(args.env), args.eval_every, args.episodes, args.seed, evaluations)
    model.learn(args.steps, callback=callback)


if __name__ == "__main__":
    main()
