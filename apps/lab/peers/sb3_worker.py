"""The Stable-Baselines3 side of `lab bench peers`: does pieces of work on request and says how long they took.

One JSON object per line. Requests on stdin: {"command": NAME, "count": N}. Replies on stdout:
    describe       {"versions": {...}, "hyperparameters": {...}}
    updates        {"seconds": S} for N gradient steps of SAC, batches sampled from a replay of 10,000 real steps
    environment    {"seconds": S} for N steps of HalfCheetah-v5 with random actions, resets included
    training       {"seconds": S} for N steps of the training loop, one gradient step each
A package that cannot be imported is answered, once, by {"missing": PYTHON'S WORDS}. Stops at the end of stdin.
"""
import platform
import time

from worker import missing, reply, requests, threads

try:
    import gymnasium
    import mujoco
    import numpy
    import stable_baselines3
    import torch
    from stable_baselines3 import SAC

    # Gymnasium imports what its MuJoCo environments need only when one is made.
    gymnasium.make("HalfCheetah-v5").close()
except Exception as error:
    missing(error)

SEED = 1
LEARNING_STARTS = 10_000


class Peer:
    def __init__(self):
        torch.set_num_threads(threads)
        self.environment = gymnasium.make("HalfCheetah-v5")
        self.environment.reset(seed=SEED)
        self.environment.action_space.seed(SEED)
        # Drawn beforehand: sampling actions is not part of stepping.
        self.actions = [self.environment.action_space.sample() for _ in range(1000)]
        self.model = SAC(
            "MlpPolicy",
            gymnasium.make("HalfCheetah-v5"),
            learning_starts=LEARNING_STARTS,
            seed=SEED,
            device="cpu",
        )
        # Fills the replay with random actions; gradient steps begin after that.
        self.model.learn(LEARNING_STARTS)

    def describe(self):
        model = self.model
        return {
            "versions": {
                "python": platform.python_version(),
                "stable-baselines3": stable_baselines3.__version__,
                "torch": torch.__version__,
                "gymnasium": gymnasium.__version__,
                "mujoco": mujoco.__version__,
                "numpy": numpy.__version__,
            },
            "hyperparameters": {
                "hiddenSizes": [layer.out_features for layer in model.actor.latent_pi if hasattr(layer, "out_features")],
                "batchSize": model.batch_size,
                "actorLearningRate": model.actor.optimizer.param_groups[0]["lr"],
                "criticLearningRate": model.critic.optimizer.param_groups[0]["lr"],
                "temperatureLearningRate": model.ent_coef_optimizer.param_groups[0]["lr"],
                "discount": model.gamma,
                "targetRate": model.tau,
                "targetEntropy": float(model.target_entropy),
                "replayCapacity": model.buffer_size,
                "learningStarts": model.learning_starts,
                "trainEvery": model.train_freq.frequency,
                "gradientSteps": model.gradient_steps,
            },
        }

    def updates(self, count):
        self.model.train(gradient_steps=count, batch_size=self.model.batch_size)

    def step_environment(self, count):
        environment, actions = self.environment, self.actions
        for i in range(count):
            _, _, terminated, truncated, _ = environment.step(actions[i % len(actions)])
            if terminated or truncated:
                environment.reset()

    def train(self, count):
        self.model.learn(count, reset_num_timesteps=False)


def main():
    peer = Peer()
    work = {"updates": peer.updates, "environment": peer.step_environment, "training": peer.train}
    for request in requests():
        if request["command"] == "describe":
            reply(peer.describe())
            continue
        start = time.perf_counter()
        work[request["command"]](request["count"])
        reply({"seconds": time.perf_counter() - start})


if __name__ == "__main__":
    main()
