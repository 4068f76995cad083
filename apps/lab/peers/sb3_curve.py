"""One seed of a learning curve of Stable-Baselines3's SAC or sb3-contrib's CrossQ.

Protocol, shared with our side: one training environment, `--steps` environment steps, an evaluation of
`--episodes` deterministic episodes on a separate environment every `--eval-every` steps, hyperparameters of
rl-baselines3-zoo's MuJoCo entries (library defaults, learning_starts 10,000 for SAC and 5,000 for CrossQ, whose
critics have two hidden layers of `--critic-width`), `--threads` torch threads, by default one.

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


def sac(args):
    environment = gymnasium.make(args.env)
    model = SAC("MlpPolicy", environment, learning_starts=10_000, seed=args.seed, device="cpu")
    return "stable-baselines3", model, {"tau": model.tau, "hidden": [256, 256]}, {}


def crossq(args):
    import sb3_contrib

    widths = {"pi": [256, 256], "qf": [args.critic_width] * 2}
    model = sb3_contrib.CrossQ(
        "MlpPolicy",
        gymnasium.make(args.env),
        learning_starts=5_000,
        policy_kwargs={"net_arch": widths},
        seed=args.seed,
        device="cpu",
    )
    hyperparameters = {
        "policyDelay": model.policy_delay,
        "beta1": model.critic.optimizer.param_groups[0]["betas"][0],
        "hidden": widths["pi"],
        "criticHidden": widths["qf"],
    }
    return "sb3-contrib", model, hyperparameters, {"sb3-contrib": sb3_contrib.__version__}


PEERS = {"SAC": sac, "CrossQ": crossq}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--algorithm", choices=["SAC", "CrossQ"], default="SAC")
    parser.add_argument("--critic-width", type=int, default=256, help="of CrossQ")
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
    peer, model, hyperparameters, versions = PEERS[args.algorithm](args)
    with open(os.path.join(args.out, "config.json"), "w") as file:
        json.dump(
            {
                "peer": peer,
                "algorithm": args.algorithm,
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
                    **hyperparameters,
                    "targetEntropy": float(model.target_entropy),
                },
                "versions": {
                    "python": platform.python_version(),
                    "stable-baselines3": stable_baselines3.__version__,
                    **versions,
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
