"""What the PyTorch workers have in common. It imports torch: import it where a missing package is caught."""
import math
import platform
import time

import torch
from torch.nn import functional

from worker import reply, requests


def network(sizes):
    layers = []
    for inputs, outputs in zip(sizes, sizes[1:]):
        layers += [torch.nn.Linear(inputs, outputs), torch.nn.ReLU()]
    return torch.nn.Sequential(*layers[:-1])


def squashed_sample(mean, log_deviation):
    """Reparameterised draws of tanh of a Gaussian, and their log-densities."""
    noise = torch.randn_like(mean)
    raw = mean + log_deviation.exp() * noise
    log_normal = -0.5 * noise**2 - log_deviation - 0.5 * math.log(2 * math.pi)
    log_slope = 2 * (math.log(2) - raw - functional.softplus(-2 * raw))
    return raw.tanh(), (log_normal - log_slope).sum(-1)


def serve_updates(make):
    """Answers requests with an agent that `make` makes of the sizes in a request, on one thread."""
    torch.set_num_threads(1)
    agent = None
    for request in requests():
        if request["command"] == "describe":
            reply({"versions": {"python": platform.python_version(), "torch": torch.__version__}})
        elif request["command"] == "prepare":
            agent = make(request)
            reply({})
        else:
            start = time.perf_counter()
            for _ in range(request["count"]):
                agent.update()
            reply({"seconds": time.perf_counter() - start})
