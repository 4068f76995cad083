"""PyTorch counterparts of our agents for `lab bench agents`, written for it from the published algorithms.

CleanRL's DQN and discrete SAC are scripts around an environment and cannot be installed as a library; `DeepQ` and
`DiscreteSac` make the same update with our sizes and settings, in the same plain style: modules, autograd and Adam as
PyTorch has them by default. `SacFirstVersion` is arXiv 1801.01290, algorithm 1, `SoftQ` arXiv 1702.08165, algorithm 1,
with uniform proposals, `CrossQ` arXiv 1902.05605, and `MaximumEntropyFlow` arXiv 2405.13629, algorithm 1, with our
flow. All start from our weights, so that means of `metrics` can be compared with ours.
"""
import math

import numpy
import torch
from torch import nn
from torch.nn import functional

from torch_parts import squashed_sample


class Replay:
    """Uniform minibatches of a full replay, drawn with replacement."""

    def __init__(self, problem, discrete):
        columns = problem.replay
        self.observations = columns["observations"]
        self.next_observations = columns["nextObservations"]
        self.actions = columns["actions"].astype(numpy.int64) if discrete else columns["actions"]
        self.rewards = columns["rewards"][:, 0] * numpy.float32(problem.config.get("rewardScale", 1))
        self.continues = 1 - columns["terminated"][:, 0]
        self.batch_size = problem.config["batchSize"]
        self.rng = numpy.random.default_rng(1)

    def sample(self):
        rows = self.rng.integers(len(self.rewards), size=self.batch_size)
        columns = (self.observations, self.actions, self.rewards, self.next_observations, self.continues)
        return [torch.from_numpy(column[rows]) for column in columns]


def network(weights, prefix):
    """The perceptron of that name with our weights, which are stored [inputs, outputs]."""
    layers = []
    while (weight := weights.get(f"{prefix}layer.{len(layers) // 2}.weight")) is not None:
        linear = nn.Linear(*weight.shape)
        with torch.no_grad():
            linear.weight.copy_(torch.from_numpy(weight.T.copy()))
            linear.bias.copy_(torch.from_numpy(weights[f"{prefix}layer.{len(layers) // 2}.bias"]))
        layers += [linear, nn.ReLU()]
    return nn.Sequential(*layers[:-1])


def normalized_network(weights, prefix):
    """The same with batch normalization, PyTorch's own, before each linear layer."""
    layers = []
    while (weight := weights.get(f"{prefix}layer.{len(layers) // 3}.weight")) is not None:
        name = f"{prefix}layer.{len(layers) // 3}"
        # Momentum is the weight of the new batch here.
        norm = nn.BatchNorm1d(weight.shape[0], eps=1e-3, momentum=0.01)
        linear = nn.Linear(*weight.shape)
        with torch.no_grad():
            norm.weight.copy_(torch.from_numpy(weights[f"{name}.scale"]))
            norm.bias.copy_(torch.from_numpy(weights[f"{name}.shift"]))
            linear.weight.copy_(torch.from_numpy(weight.T.copy()))
            linear.bias.copy_(torch.from_numpy(weights[f"{name}.bias"]))
        layers += [norm, linear, nn.ReLU()]
    return nn.Sequential(*layers[:-1])


def target_of(module, weights, prefix):
    target = network(weights, prefix)
    target.load_state_dict(module.state_dict())
    return target.requires_grad_(False)


@torch.no_grad()
def polyak(target, module, rate):
    for slow, fast in zip(target.parameters(), module.parameters(), strict=True):
        slow.lerp_(fast, rate)


def step(optimizer, loss):
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()


def adam(*modules, rate, beta1=0.9):
    parameters = [parameter for module in modules for parameter in module.parameters()]
    return torch.optim.Adam(parameters, lr=rate, betas=(beta1, 0.999))


class DeepQ:
    """DQN, and with a temperature soft Q-learning."""

    def __init__(self, problem):
        config = self.config = problem.config
        assert not config["doubleQ"] and config["nStep"] == 1 and config["targetRate"] == 1
        assert config.get("actionPrior", "none") == "none"
        self.temperature = config.get("temperature")
        self.replay = Replay(problem, discrete=True)
        self.network = network(problem.weights, "network/")
        self.target = target_of(self.network, problem.weights, "network/")
        self.optimizer = adam(self.network, rate=config["learningRate"])
        self.loss = {"huber": functional.smooth_l1_loss, "squared": lambda q, y: functional.mse_loss(q, y) / 2}[
            config["loss"]
        ]
        self.updates = 0

    def update(self):
        observations, actions, rewards, next_observations, continues = self.replay.sample()
        with torch.no_grad():
            values = self.target(next_observations)
            if self.temperature is None:
                next_values = values.max(dim=1).values
            else:
                next_values = self.temperature * torch.logsumexp(values / self.temperature, dim=1)
            target = rewards + self.config["discount"] * continues * next_values
        loss = self.loss(self.network(observations).gather(1, actions).squeeze(1), target)
        self.optimizer.zero_grad()
        loss.backward()
        if self.config["maxGradientNorm"] is not None:
            nn.utils.clip_grad_norm_(self.network.parameters(), self.config["maxGradientNorm"])
        self.optimizer.step()
        self.updates += 1
        if self.updates % self.config["targetEvery"] == 0:
            self.target.load_state_dict(self.network.state_dict())
        self.metrics = {"loss": loss.detach(), "meanTarget": target.mean()}


class DiscreteSac:
    """Christodoulou 2019, arXiv 1910.07207, algorithm 1."""

    def __init__(self, problem):
        config, weights = problem.config, problem.weights
        self.config = config
        assert config["temperature"] == "auto" and config["loss"] == "squared" and config["targetEvery"] == 1
        assert config["maxGradientNorm"] is None
        self.replay = Replay(problem, discrete=True)
        prefixes = ("critics/member.0.", "critics/member.1.")
        self.actor = network(weights, "actor/")
        self.critics = [network(weights, prefix) for prefix in prefixes]
        self.targets = [
            target_of(critic, weights, prefix) for critic, prefix in zip(self.critics, prefixes, strict=True)
        ]
        self.log_temperature = torch.tensor(math.log(config["initialTemperature"]), requires_grad=True)
        self.actor_optimizer = adam(self.actor, rate=config["actorLearningRate"])
        self.critic_optimizer = adam(*self.critics, rate=config["criticLearningRate"])
        self.temperature_optimizer = torch.optim.Adam([self.log_temperature], lr=config["temperatureLearningRate"])
        self.target_entropy = config["targetEntropyFraction"] * math.log(problem.action_size)

    def update(self):
        observations, actions, rewards, next_observations, continues = self.replay.sample()
        temperature = self.log_temperature.exp().item()
        with torch.no_grad():
            log_policy = functional.log_softmax(self.actor(next_observations), dim=1)
            smallest = torch.min(*(target(next_observations) for target in self.targets))
            next_values = (log_policy.exp() * (smallest - temperature * log_policy)).sum(dim=1)
            target = rewards + self.config["discount"] * continues * next_values
        critic_loss = sum(
            functional.mse_loss(critic(observations).gather(1, actions).squeeze(1), target) / 2
            for critic in self.critics
        )
        step(self.critic_optimizer, critic_loss)

        with torch.no_grad():
            smallest = torch.min(*(critic(observations) for critic in self.critics))
        log_policy = functional.log_softmax(self.actor(observations), dim=1)
        policy = log_policy.exp()
        actor_loss = (policy * (temperature * log_policy - smallest)).sum(dim=1).mean()
        step(self.actor_optimizer, actor_loss)

        entropy = -(policy * log_policy).sum(dim=1).mean().detach()
        step(self.temperature_optimizer, self.log_temperature * (entropy - self.target_entropy))
        for slow, fast in zip(self.targets, self.critics, strict=True):
            polyak(slow, fast, self.config["targetRate"])
        self.metrics = {
            "criticLoss": critic_loss.detach(),
            "actorLoss": actor_loss.detach(),
            "meanTarget": target.mean(),
            "entropy": entropy,
            "temperature": temperature,
        }


class SacFirstVersion:
    """Haarnoja et al. 2018, arXiv 1801.01290, algorithm 1, with two critics."""

    def __init__(self, problem):
        config, weights = problem.config, problem.weights
        self.config = config
        assert config["valueNetwork"] and config["criticCount"] == 2 and config["maxGradientNorm"] is None
        self.temperature = config["temperature"]
        self.replay = Replay(problem, discrete=False)
        self.actor = network(weights, "actor/")
        self.critics = [network(weights, f"critics/member.{i}.") for i in range(2)]
        self.value = network(weights, "value/network/")
        self.target = target_of(self.value, weights, "value/network/")
        self.actor_optimizer = adam(self.actor, rate=config["actorLearningRate"])
        self.critic_optimizer = adam(*self.critics, rate=config["criticLearningRate"])
        self.value_optimizer = adam(self.value, rate=config["criticLearningRate"])

    def draw(self, observations):
        """Actions and their log-densities."""
        mean, log_deviation = self.actor(observations).chunk(2, dim=1)
        return squashed_sample(mean, log_deviation.clamp(-20, 2))

    def smallest_value(self, observations, actions):
        inputs = torch.cat([observations, actions], dim=1)
        return torch.min(*(critic(inputs) for critic in self.critics)).squeeze(1)

    def update(self):
        observations, actions, rewards, next_observations, continues = self.replay.sample()
        with torch.no_grad():
            drawn, log_density = self.draw(observations)
            soft_value = self.smallest_value(observations, drawn) - self.temperature * log_density
        value_loss = functional.mse_loss(self.value(observations).squeeze(1), soft_value) / 2
        step(self.value_optimizer, value_loss)

        with torch.no_grad():
            next_values = self.target(next_observations).squeeze(1)
            target = rewards + self.config["discount"] * continues * next_values
        inputs = torch.cat([observations, actions], dim=1)
        critic_loss = sum(functional.mse_loss(critic(inputs).squeeze(1), target) / 2 for critic in self.critics)
        step(self.critic_optimizer, critic_loss)

        drawn, log_density = self.draw(observations)
        actor_loss = (self.temperature * log_density - self.smallest_value(observations, drawn)).mean()
        step(self.actor_optimizer, actor_loss)
        polyak(self.target, self.value, self.config["targetRate"])
        self.metrics = {
            "valueLoss": value_loss.detach(),
            "criticLoss": critic_loss.detach(),
            "actorLoss": actor_loss.detach(),
            "meanTarget": target.mean(),
            "entropy": -log_density.detach().mean(),
        }


class CrossQ:
    """Bhatt et al. 2024, arXiv 1902.05605, algorithm 1, with plain batch normalization."""

    def __init__(self, problem):
        config, weights = problem.config, problem.weights
        self.config = config
        assert config["criticCount"] == 2 and config["temperature"] == config["targetEntropy"] == "auto"
        assert config["renormalizeAfter"] is None
        self.replay = Replay(problem, discrete=False)
        self.actor = normalized_network(weights, "actor/")
        self.critics = nn.ModuleList(normalized_network(weights, f"critics/member.{i}.") for i in range(2))
        self.log_temperature = torch.tensor(math.log(config["initialTemperature"]), requires_grad=True)
        beta1 = config["beta1"]
        self.actor_optimizer = adam(self.actor, rate=config["actorLearningRate"], beta1=beta1)
        self.critic_optimizer = adam(self.critics, rate=config["criticLearningRate"], beta1=beta1)
        self.temperature_optimizer = torch.optim.Adam([self.log_temperature], lr=config["temperatureLearningRate"])
        self.target_entropy = -problem.action_size
        self.updates = 0
        self.actor_metrics = {}

    def draw(self, observations):
        mean, log_deviation = self.actor(observations).chunk(2, dim=1)
        return squashed_sample(mean, log_deviation.clamp(-20, 2))

    def values(self, observations, actions):
        inputs = torch.cat([observations, actions], dim=1)
        return torch.cat([critic(inputs) for critic in self.critics], dim=1)

    def update(self):
        observations, actions, rewards, next_observations, continues = self.replay.sample()
        temperature = self.log_temperature.exp().item()
        self.actor.eval()
        with torch.no_grad():
            next_actions, log_density = self.draw(next_observations)
        self.critics.train()
        both = self.values(torch.cat([observations, next_observations]), torch.cat([actions, next_actions]))
        present, future = both.chunk(2)
        soft_value = future.detach().min(dim=1).values - temperature * log_density
        target = rewards + self.config["discount"] * continues * soft_value
        critic_loss = ((present - target[:, None]) ** 2).mean(dim=0).sum() / 2
        step(self.critic_optimizer, critic_loss)

        self.updates += 1
        if self.updates % self.config["policyDelay"] == 0:
            self.update_actor(observations, temperature)
        self.metrics = {
            "criticLoss": critic_loss.detach(),
            "meanTarget": target.mean(),
            "temperature": temperature,
            **self.actor_metrics,
        }

    def update_actor(self, observations, temperature):
        self.actor.train()
        self.critics.eval()
        # The critics' own gradients are not needed.
        self.critics.requires_grad_(False)
        actions, log_density = self.draw(observations)
        smallest = self.values(observations, actions).min(dim=1).values
        actor_loss = (temperature * log_density - smallest).mean()
        step(self.actor_optimizer, actor_loss)
        self.critics.requires_grad_(True)
        entropy = -log_density.detach().mean()
        step(self.temperature_optimizer, self.log_temperature * (entropy - self.target_entropy))
        self.actor_metrics = {"actorLoss": actor_loss.detach(), "entropy": entropy}


class SoftQ:
    """Haarnoja et al. 2017, arXiv 1702.08165, algorithm 1; the sampling network and its particles as ours."""

    SMALLEST_BANDWIDTH = 1e-3

    def __init__(self, problem):
        config, weights = problem.config, problem.weights
        self.config = config
        assert config["valueProposals"] == "uniform" and config["criticCount"] == 1 and config["targetRate"] == 1
        self.action_size = problem.action_size
        self.replay = Replay(problem, discrete=False)
        self.critic = network(weights, "critics/member.0.")
        self.target = target_of(self.critic, weights, "critics/member.0.")
        self.sampler = network(weights, "sampler/")
        self.critic_optimizer = adam(self.critic, rate=config["criticLearningRate"])
        self.sampler_optimizer = adam(self.sampler, rate=config["samplerLearningRate"])
        self.updates = 0

    def draw(self, observations, count):
        """`count` actions of each observation before squashing, [states, count, actions]."""
        noise = torch.randn(len(observations), count, self.action_size)
        repeated = observations[:, None].expand(-1, count, -1)
        return noise + self.sampler(torch.cat([repeated, noise], dim=2))

    def soft_values(self, observations):
        temperature, count = self.config["temperature"], self.config["valueParticles"]
        actions = torch.rand(len(observations), count, self.action_size) * 2 - 1
        repeated = observations[:, None].expand(-1, count, -1)
        values = self.target(torch.cat([repeated, actions], dim=2)).squeeze(2)
        log_volume = self.action_size * math.log(2)
        return temperature * (torch.logsumexp(values / temperature, dim=1) - math.log(count) + log_volume)

    def scores(self, observations, raw):
        """Gradient of log p(tanh u) + sum log(1 - tanh(u)^2)."""
        raw = raw.requires_grad_()
        actions = torch.tanh(raw)
        repeated = observations[:, None].expand(-1, raw.shape[1], -1)
        values = self.critic(torch.cat([repeated, actions], dim=2)).sum() / self.config["temperature"]
        (gradient,) = torch.autograd.grad(values, raw)
        return gradient - 2 * actions.detach()

    def directions(self, fixed, scores, updated):
        """Stein directions [states, updated, actions], and the bandwidths."""
        difference = updated[:, :, None] - fixed[:, None]
        distances = (difference**2).sum(dim=3)
        ordered = distances.flatten(1).sort(dim=1).values
        middle = ordered.shape[1] // 2
        median = ordered[:, middle] if ordered.shape[1] % 2 else (ordered[:, middle - 1] + ordered[:, middle]) / 2
        bandwidth = (median / math.log(fixed.shape[1])).clamp_min(self.SMALLEST_BANDWIDTH)[:, None, None]
        kernel = torch.exp(-distances / bandwidth)[..., None]
        pulled = kernel * (scores[:, None] + 2 / bandwidth[..., None] * difference)
        return pulled.mean(dim=2), bandwidth

    def update(self):
        observations, actions, rewards, next_observations, continues = self.replay.sample()
        with torch.no_grad():
            target = rewards + self.config["discount"] * continues * self.soft_values(next_observations)
        values = self.critic(torch.cat([observations, actions], dim=1)).squeeze(1)
        critic_loss = functional.mse_loss(values, target) / 2
        step(self.critic_optimizer, critic_loss)
        self.updates += 1
        if self.updates % self.config["targetEvery"] == 0:
            self.target.load_state_dict(self.critic.state_dict())

        with torch.no_grad():
            fixed = self.draw(observations, self.config["fixedParticles"])
        scores = self.scores(observations, fixed)
        updated = self.draw(observations, self.config["updatedParticles"])
        with torch.no_grad():
            direction, bandwidth = self.directions(fixed, scores, updated)
        step(self.sampler_optimizer, -(direction * updated).sum(dim=2).mean())
        self.metrics = {
            "criticLoss": critic_loss.detach(),
            "meanTarget": target.mean(),
            "directionLength": direction.norm(dim=2).mean(),
            "bandwidth": bandwidth.mean(),
        }


class Coupling(nn.Module):
    """An additive or affine coupling layer; the layout of its parameters is that of `affineCoupling`."""

    def __init__(self, parameters, size, index, additive, limit, width):
        super().__init__()
        half = size // 2
        self.kept = 0 if size == 1 else (size - half if index % 2 == 0 else half)
        self.changed = changed = size - self.kept
        self.keeps_first = size == 1 or index % 2 == 1
        self.additive, self.limit = additive, limit
        sizes = [self.kept * width, width, 2 * changed * width, 2 * changed]
        weight1, bias1, weight2, bias2 = torch.from_numpy(parameters.copy()).split(sizes)
        self.weight1 = nn.Parameter(weight1.view(self.kept, width))
        self.bias1 = nn.Parameter(bias1.clone())
        rows = slice(changed, None) if additive else slice(None)
        self.weight2 = nn.Parameter(weight2.view(2 * changed, width)[rows].clone())
        self.bias2 = nn.Parameter(bias2[rows].clone())

    def inverse(self, y, context):
        if self.keeps_first:
            kept, value = y[:, : self.kept], y[:, self.kept :]
        else:
            value, kept = y[:, : self.changed], y[:, self.changed :]
        hidden = torch.tanh(kept @ self.weight1 + self.bias1 + context)
        head = functional.linear(hidden, self.weight2, self.bias2)
        if self.additive:
            value, log_det = value - head, 0
        else:
            raw, shift = head.chunk(2, dim=1)
            log_scale = self.limit * torch.tanh(raw / self.limit)
            value, log_det = (value - shift) * torch.exp(-log_scale), -log_scale.sum(dim=1)
        return torch.cat([kept, value] if self.keeps_first else [value, kept], dim=1), log_det


class MaximumEntropyFlow:
    """MEow, Chao et al. 2024, arXiv 2405.13629, algorithm 1; the flow as ours."""

    LARGEST_VALUE = 1 - 1e-5

    def __init__(self, problem):
        config, weights = problem.config, problem.weights
        self.config = config
        assert config["priorComponents"] == 1
        size = problem.action_size
        self.replay = Replay(problem, discrete=False)
        # Replay keeps actions before squashing.
        clipped = self.replay.actions.clip(-self.LARGEST_VALUE, self.LARGEST_VALUE)
        self.replay.actions = numpy.arctanh(clipped)
        prefixes = ("shifts/member.0.", "shifts/member.1.")
        self.prior = network(weights, "prior/")
        self.target_prior = target_of(self.prior, weights, "prior/")
        self.shifts = [network(weights, prefix) for prefix in prefixes]
        self.target_shifts = [
            target_of(shift, weights, prefix) for shift, prefix in zip(self.shifts, prefixes, strict=True)
        ]
        self.embedding = network(weights, "flow/embedding/")
        self.couplings = nn.ModuleList(
            Coupling(
                weights[f"flow/couplings/layer.{i}"],
                size,
                i,
                config["couplings"] == "additive",
                config["maximumLogScale"],
                config["couplingHiddenSize"],
            )
            for i in range(1 if size == 1 else config["couplingLayers"])
        )
        self.modules = nn.ModuleList([self.prior, self.embedding, self.couplings, *self.shifts])
        self.optimizer = adam(self.modules, rate=config["learningRate"])
        self.constant = size / 2 * math.log(2 * math.pi)

    def log_std(self, prior, observations):
        low, high = self.config["minimumLogStd"], self.config["maximumLogStd"]
        return low + (high - low) / 2 * (1 + torch.tanh(prior(observations)))

    def shape(self, observations, raw):
        log_slope = 2 * (math.log(2) - raw.abs() - functional.softplus(-2 * raw.abs()))
        total = -log_slope.sum(dim=1)
        contexts = self.embedding(observations).chunk(len(self.couplings), dim=1)
        for coupling, context in zip(reversed(self.couplings), reversed(contexts), strict=True):
            raw, log_det = coupling.inverse(raw, context)
            total = total + log_det
        standardized = raw * torch.exp(-self.log_std(self.prior, observations))
        return total - (standardized**2).sum(dim=1) / 2

    def update(self):
        observations, raw, rewards, next_observations, continues = self.replay.sample()
        temperature, discount = self.config["temperature"], self.config["discount"]
        with torch.no_grad():
            log_std = self.log_std(self.target_prior, next_observations)
            shift = torch.min(*(target(next_observations) for target in self.target_shifts)).squeeze(1)
            next_values = temperature * (log_std.sum(dim=1) + self.constant) + shift
            target = rewards + discount * continues * next_values
        shape = temperature * self.shape(observations, raw)
        loss = sum(functional.mse_loss(shape + shift(observations).squeeze(1), target) for shift in self.shifts) / 2
        self.optimizer.zero_grad()
        loss.backward()
        if self.config["maxGradientNorm"] is not None:
            nn.utils.clip_grad_norm_(self.modules.parameters(), self.config["maxGradientNorm"])
        self.optimizer.step()
        rate = self.config["targetRate"]
        polyak(self.target_prior, self.prior, rate)
        for slow, fast in zip(self.target_shifts, self.shifts, strict=True):
            polyak(slow, fast, rate)
        self.metrics = {"criticLoss": loss.detach(), "meanTarget": target.mean(), "logStd": log_std.mean()}


def reference_for(problem):
    references = {
        "dqn": DeepQ,
        "soft-dqn": DeepQ,
        "discrete-sac": DiscreteSac,
        "sac": SacFirstVersion,
        "crossq": CrossQ,
        "sql": SoftQ,
        "meow": MaximumEntropyFlow,
    }
    return references[problem.agent](problem)
