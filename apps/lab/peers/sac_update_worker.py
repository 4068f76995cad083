"""The PyTorch side of `lab bench sac-update`: one SAC gradient step as a user of eager PyTorch writes it.

One JSON object per line. Requests on stdin, replies on stdout:
    {"command": "describe"}                                  {"versions": {...}}
    {"command": "prepare", "batchSize": B, "hiddenSizes": [...], "observationSize": O, "actionSize": A}   {}
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


class SoftActorCritic:
    """The algorithm, order of updates and hyperparameters of src/sac-update/stock-soft-actor-critic.ts."""

    def __init__(self, request):
        batch, observation, action = request["batchSize"], request["observationSize"], request["actionSize"]
        hidden = request["hiddenSizes"]
        torch.manual_seed(1)
        self.actor = network([observation, *hidden, 2 * action])
        self.critics = [network([observation + action, *hidden, 1]) for _ in range(2)]
        self.targets = [network([observation + action, *hidden, 1]) for _ in range(2)]
        for target, critic in zip(self.targets, self.critics):
            target.load_state_dict(critic.state_dict())
        self.log_temperature = torch.zeros((), requires_grad=True)
        self.critic_parameters = [p for critic in self.critics for p in critic.parameters()]
        self.target_parameters = [p for target in self.targets for p in target.parameters()]
        adam = lambda parameters: torch.optim.Adam(parameters, LEARNING_RATE)
        self.critic_optimizer = adam(self.critic_parameters)
        self.actor_optimizer = adam(self.actor.parameters())
        self.temperature_optimizer = adam([self.log_temperature])
        self.target_entropy = -action
        self.observations = torch.randn(batch, observation)
        self.next_observations = torch.randn(batch, observation)
        self.actions = torch.rand(batch, action) * 2 - 1
        self.rewards = torch.randn(batch)
        self.continues = torch.ones(batch)

    def sample(self, observations):
        mean, log_deviation = self.actor(observations).chunk(2, -1)
        return squashed_sample(mean, log_deviation.clamp(-20, 2))

    def values(self, critics, observations, actions):
        inputs = torch.cat([observations, actions], -1)
        return [critic(inputs).squeeze(-1) for critic in critics]

    def update(self):
        temperature = self.log_temperature.exp().detach()
        with torch.no_grad():
            action, log_probability = self.sample(self.next_observations)
            value = torch.minimum(*self.values(self.targets, self.next_observations, action))
            target = self.rewards + DISCOUNT * self.continues * (value - temperature * log_probability)
        losses = [functional.mse_loss(q, target) / 2 for q in self.values(self.critics, self.observations, self.actions)]
        self.step(self.critic_optimizer, sum(losses))

        for parameter in self.critic_parameters:
            parameter.requires_grad_(False)
        action, log_probability = self.sample(self.observations)
        smallest = torch.minimum(*self.values(self.critics, self.observations, action))
        self.step(self.actor_optimizer, (temperature * log_probability - smallest).mean())
        for parameter in self.critic_parameters:
            parameter.requires_grad_(True)

        entropy_gap = (log_probability.detach() + self.target_entropy).mean()
        self.step(self.temperature_optimizer, -self.log_temperature * entropy_gap)
        with torch.no_grad():
            torch._foreach_lerp_(self.target_parameters, self.critic_parameters, TARGET_RATE)

    @staticmethod
    def step(optimizer, loss):
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()


if __name__ == "__main__":
    serve_updates(SoftActorCritic)
