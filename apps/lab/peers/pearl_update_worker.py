"""The PyTorch side of `lab bench pearl-update`: one gradient step of PEARL as a user of eager PyTorch writes it.

One JSON object per line. Requests on stdin, replies on stdout:
    {"command": "describe"}                                  {"versions": {...}}
    {"command": "prepare", ...sizes of src/pearl-update/flop-count.ts}   {}
    {"command": "updates", "count": N}                       {"seconds": S}
A package that cannot be imported is answered, once, by {"missing": PYTHON'S WORDS}. Stops at the end of stdin.
"""
from worker import missing

try:
    import torch
    from torch.nn import functional

    from torch_parts import network, serve_updates, squashed_sample
except Exception as error:
    missing(error)

LEARNING_RATE = 3e-4
DISCOUNT = 0.99
TARGET_RATE = 0.005
KL_WEIGHT = 0.1
REGULARIZATION = 1e-3


def adam(*networks):
    return torch.optim.Adam([p for one in networks for p in one.parameters()], LEARNING_RATE)


class Pearl:
    """The paper's form, with the order of updates of packages/agents/src/sac/actor-critic.ts."""

    def __init__(self, request):
        self.tasks, self.rows = request["tasks"], request["batchSize"]
        observation, action, latent = request["observationSize"], request["actionSize"], request["latentSize"]
        hidden = request["hiddenSizes"]
        torch.manual_seed(1)
        state = observation + latent
        self.actor = network([state, *hidden, 2 * action])
        self.critics = [network([state + action, *hidden, 1]) for _ in range(2)]
        self.value = network([state, *hidden, 1])
        self.target = network([state, *hidden, 1])
        self.target.load_state_dict(self.value.state_dict())
        self.encoder = network([observation + action + 1, *request["encoderHiddenSizes"], 2 * latent])
        self.actor_optimizer = adam(self.actor)
        self.critic_optimizer = adam(*self.critics)
        self.value_optimizer = adam(self.value)
        self.encoder_optimizer = adam(self.encoder)
        batch = self.tasks * self.rows
        self.context = torch.randn(self.tasks, request["contextSize"], observation + action + 1)
        self.observations = torch.randn(batch, observation)
        self.next_observations = torch.randn(batch, observation)
        self.actions = torch.rand(batch, action) * 2 - 1
        self.rewards = torch.randn(batch)
        self.continues = torch.ones(batch)

    def infer(self):
        mean, raw = self.encoder(self.context).chunk(2, -1)
        precision = 1 / functional.softplus(raw).clamp(min=1e-7)
        variance = 1 / precision.sum(1)
        return variance * (mean * precision).sum(1), variance

    def sample(self, states):
        mean, log_deviation = self.actor(states).chunk(2, -1)
        log_deviation = log_deviation.clamp(-20, 2)
        regularizer = REGULARIZATION * (mean.square().mean() + log_deviation.square().mean())
        return *squashed_sample(mean, log_deviation), regularizer

    def values(self, states, actions):
        inputs = torch.cat([states, actions], -1)
        return [critic(inputs).squeeze(-1) for critic in self.critics]

    def update(self):
        mean, variance = self.infer()
        latents = (mean + variance.sqrt() * torch.randn_like(mean)).repeat_interleave(self.rows, 0)
        fixed = latents.detach()
        states = torch.cat([self.observations, fixed], -1)
        with torch.no_grad():
            action, log_probability, _ = self.sample(states)
            value_target = torch.minimum(*self.values(states, action)) - log_probability
            next_values = self.target(torch.cat([self.next_observations, fixed], -1)).squeeze(-1)
            target = self.rewards + DISCOUNT * self.continues * next_values
        self.step(functional.mse_loss(self.value(states).squeeze(-1), value_target) / 2, self.value_optimizer)

        divergence = 0.5 * (variance + mean.square() - 1 - variance.log()).sum()
        predictions = self.values(torch.cat([self.observations, latents], -1), self.actions)
        losses = [functional.mse_loss(q, target) / 2 for q in predictions]
        self.step(sum(losses) + KL_WEIGHT / 2 * divergence, self.critic_optimizer, self.encoder_optimizer)

        for critic in self.critics:
            critic.requires_grad_(False)
        action, log_probability, regularizer = self.sample(states)
        smallest = torch.minimum(*self.values(states, action))
        self.step((log_probability - smallest).mean() + regularizer, self.actor_optimizer)
        for critic in self.critics:
            critic.requires_grad_(True)
        with torch.no_grad():
            torch._foreach_lerp_(list(self.target.parameters()), list(self.value.parameters()), TARGET_RATE)

    @staticmethod
    def step(loss, *optimizers):
        for optimizer in optimizers:
            optimizer.zero_grad()
        loss.backward()
        for optimizer in optimizers:
            optimizer.step()


if __name__ == "__main__":
    serve_updates(Pearl)
