/** What metrics mean that several agents report: for `AgentDefinition.metrics`. */
export const learnerMetrics = {
  meanTarget: "Batch mean of the Bellman target, r + discount V(s').",
  rewardDivisor: 'What rewards are divided by: the spread of discounted returns in training.',
};

export const epsilonMetric = { epsilon: 'Probability that the action is drawn at random.' };

export const entropyMetric = { entropy: 'Batch mean of the entropy of the policy, in nats.' };

export const criticMetrics = {
  ...learnerMetrics,
  criticLoss: 'Error of the critics against the Bellman target: batch mean, summed over critics.',
};

/** Of agents with the updates of soft actor-critic. */
export const actorCriticMetrics = {
  ...criticMetrics,
  ...entropyMetric,
  actorLoss: 'Batch mean of temperature log pi(a | s) - Q(s, a).',
  temperature: 'Weight of the entropy against the reward.',
  valueLoss: 'Error of the network of V(s) against the soft value that the critics give: batch mean.',
};
