/** Settings that say how to learn on, and not what has been learned. */
const FREE: readonly string[] = [
  ...['actorLearningRate', 'criticLearningRate', 'temperatureLearningRate', 'maxGradientNorm', 'batchSize'],
  ...['targetRate', 'targetEntropy', 'learningStarts', 'trainEvery', 'gradientSteps', 'actorStarts'],
  ...['couplingLayers', 'couplingHiddenSize', 'maximumLogScale'],
];

/**
 * The first setting, of two complete configurations of an agent, because of which one level cannot continue the other:
 * critics, temperature and experience would mean something else. Undefined if there is none.
 */
export function settingNotCarried(
  below: Readonly<Record<string, unknown>>,
  level: Readonly<Record<string, unknown>>,
): string | undefined {
  const names = new Set([...Object.keys(below), ...Object.keys(level)]);
  return [...names].find(
    (name) => !FREE.includes(name) && JSON.stringify(below[name]) !== JSON.stringify(level[name]),
  );
}
