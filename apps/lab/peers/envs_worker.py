"""The Gymnasium side of `lab bench envs`: steps environments on request and says how many steps it made.

One JSON object per line. Requests on stdin and replies on stdout:
    {"command": "describe"}         {"versions": {...}}
    {"command": "step", "id": ID, "arrangement": "single" | "sync" | "async", "environments": N, "seconds": S}
                                    {"steps": N, "seconds": S}; actions are drawn beforehand, resets included; a step of
                                    a vector counts once for each of its environments
    {"command": "close"}            {}; closes all environments
A package that cannot be imported is answered, once, by {"missing": PYTHON'S WORDS}. Stops at the end of stdin.
"""
import platform
import time

from worker import missing, reply, requests

try:
    import gymnasium
    import mujoco
    import numpy
    from gymnasium.vector import AutoresetMode

    # Gymnasium imports what its MuJoCo environments need only when one is made.
    gymnasium.make("HalfCheetah-v5").close()
except Exception as error:
    missing(error)

SEED = 1
# Lists of actions that are drawn beforehand, to be used in turn.
ACTIONS = 1000
# Steps between looks at the clock.
STRIDE = 50


class Single:
    def __init__(self, identifier):
        self.environment = gymnasium.make(identifier)
        self.environment.reset(seed=SEED)
        self.environment.action_space.seed(SEED)
        self.actions = [self.environment.action_space.sample() for _ in range(ACTIONS)]
        self.next = 0

    def advance(self):
        environment, actions, first = self.environment, self.actions, self.next
        for i in range(first, first + STRIDE):
            _, _, terminated, truncated, _ = environment.step(actions[i % ACTIONS])
            if terminated or truncated:
                environment.reset()
        self.next = (first + STRIDE) % ACTIONS
        return STRIDE


class Vector:
    def __init__(self, identifier, count, mode):
        # Like ours, it resets within the step that ends an episode, so that every step is one of the environment.
        options = {"autoreset_mode": AutoresetMode.SAME_STEP}
        self.environment = gymnasium.make_vec(
            identifier, num_envs=count, vectorization_mode=mode, vector_kwargs=options
        )
        self.environment.reset(seed=SEED)
        self.environment.action_space.seed(SEED)
        self.actions = [self.environment.action_space.sample() for _ in range(ACTIONS)]
        self.next = 0

    def advance(self):
        self.environment.step(self.actions[self.next])
        self.next = (self.next + 1) % ACTIONS
        return self.environment.num_envs


def make(request):
    if request["arrangement"] == "single":
        return Single(request["id"])
    return Vector(request["id"], request["environments"], request["arrangement"])


def step_for(duration, stepper):
    start = time.perf_counter()
    steps = 0
    seconds = 0.0
    while seconds < duration:
        steps += stepper.advance()
        seconds = time.perf_counter() - start
    return {"steps": steps, "seconds": seconds}


def main():
    steppers = {}
    for request in requests():
        if request["command"] == "describe":
            versions = {"gymnasium": gymnasium, "mujoco": mujoco, "numpy": numpy}
            versions = {name: module.__version__ for name, module in versions.items()}
            reply({"versions": {"python": platform.python_version(), **versions}})
        elif request["command"] == "step":
            name = (request["arrangement"], request["id"], request["environments"])
            if name not in steppers:
                steppers[name] = make(request)
            reply(step_for(request["seconds"], steppers[name]))
        else:
            close(steppers)
            reply({})
    close(steppers)


def close(steppers):
    for stepper in steppers.values():
        stepper.environment.close()
    steppers.clear()


if __name__ == "__main__":
    main()
