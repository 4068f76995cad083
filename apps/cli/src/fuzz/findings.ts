import type { FuzzDocument } from './document.js';

const deep = '['.repeat(10_000);
const zeros = (count: number): string => Array(count).fill(0).join(',');
const infer = (name: string, input: string): FuzzDocument => ({
  name,
  args: ['infer', '-', '--json'],
  input,
});
const graph = (rest: string): string => `{"kind":"factor-graph",${rest}}`;
const mdp = (rest: string): string =>
  `{"kind":"mdp","transition":[[[1]]],"reward":[[1]],"initial":[1],"inference":"exact",${rest}}`;
const lqr = (rest: string): string =>
  `{"kind":"lqr","A":[[1]],"B":[[1]],"Q":[[1]],"R":[[1]],"noiseCovariance":[[1]],${rest}}`;
const lgssm = (F: string): string =>
  `{"kind":"lgssm","initialMean":[0],"initialCovariance":[[1]],"F":[[${F}]],"Q":[[1]],"H":[[1]],"R":[[1]],"observations":[[1],[2],[3]]}`;
const rollOut = (environment: string, input: string): FuzzDocument => ({
  name: `rollout ${environment}`,
  args: ['rollout', environment, '--input', '-', '--json'],
  input,
});
const train = (agent: string, environment: string, setting: string): FuzzDocument => ({
  name: `train ${agent} --set ${setting.slice(0, 40)}`,
  args: [
    'train',
    agent,
    '--env',
    environment,
    '--steps',
    '1',
    '--set',
    setting,
    '--out',
    'refused',
    '--json',
  ],
});
const solve = (...args: string[]): FuzzDocument => ({
  name: `solve ${args[0]}`,
  args: ['solve', ...args, '--json'],
});

/**
 * Inputs that once ended in a stack trace, gigabytes of memory, NaN or silence; now all are answered, or refused with a
 * clear message.
 */
export const findings: readonly FuzzDocument[] = [
  infer('nesting of 10,000', deep),
  infer(
    'values nested 10,000 deep',
    graph(`"variables":{"A":2},"factors":[{"variables":["A"],"values":${deep}1${']'.repeat(10_000)}}]`),
  ),
  infer('a variable of 70,000,000 values', graph('"variables":{"A":70000000},"factors":[]')),
  infer('a product of fields', graph('"variables":{"A":9000,"B":9000},"factors":[],"queries":[["A","B"]]')),
  infer('evidence of __proto__', graph('"variables":{"A":2},"factors":[],"evidence":{"__proto__":0}')),
  infer('a variable __proto__', graph('"variables":{"__proto__":2},"factors":[]')),
  infer('evidence of toString', graph('"variables":{"A":2},"factors":[],"evidence":{"toString":0}')),
  infer('a key without a name', graph('"variables":{"A":2},"factors":[],"":1')),
  infer('a key given twice', mdp('"horizon":1,"horizon":2')),
  infer('horizon 1e15 of an mdp', mdp('"horizon":1e15')),
  infer('horizon 1e7 of an mdp', mdp('"horizon":10000000')),
  infer('horizon 1e15 of an lqr', lqr('"horizon":1e15')),
  infer('temperature 5e-324', mdp('"horizon":2,"temperature":5e-324')),
  infer('temperature 5e-324 of an lqr', lqr('"horizon":2,"temperature":5e-324')),
  infer('rewards of 1e308', mdp('"horizon":3').replace('"reward":[[1]]', '"reward":[[1e308]]')),
  infer('rewards of -1e308', mdp('"horizon":3').replace('"reward":[[1]]', '"reward":[[-1e308]]')),
  infer(
    'rewards of 1e308 without end',
    mdp('"horizon":null,"discount":0.5')
      .replace('"exact"', '"hard"')
      .replace('[[1]],"initial"', '[[1e308]],"initial"'),
  ),
  infer('F of 1e200', lgssm('1e200')),
  infer('F of 1e40', lgssm('1e40')),
  infer('NaN', '{"kind":"hmm","initial":[NaN]}'),
  infer(
    'observations of many states',
    `{"kind":"hmm","initial":[1${',0'.repeat(999)}],"transition":[],"emission":{"kind":"gaussian","means":[],"stds":[]},"observations":[${zeros(20_000)}]}`,
  ),
  rollOut('Pendulum-v1', `{"actions":[${deep}`),
  rollOut('Pendulum-v1', `{"actions":[${deep}1${']'.repeat(10_000)}]}`),
  rollOut('Pendulum-v1', '{"state":[1e400,0],"actions":[[0]]}'),
  rollOut('LinearQuadratic-v0', '{"state":{"__proto__":[1]},"actions":[[0]]}'),
  train('sac', 'Pendulum-v1', 'hiddenSizes=[1e15]'),
  train('sac', 'Pendulum-v1', 'hiddenSizes=32'),
  train('sac', 'Pendulum-v1', 'replayCapacity=1e12'),
  train('sac', 'Pendulum-v1', 'batchSize=1e15'),
  train('sac', 'Pendulum-v1', 'criticCount=1e12'),
  train('sac', 'Pendulum-v1', 'learningRate='),
  train('sac', 'Pendulum-v1', '__proto__.x=1'),
  train('sac', 'Pendulum-v1', `hiddenSizes=${deep}`),
  train('dqn', 'CartPole-v1', 'hiddenSizes=[100000,100000]'),
  train('dqn', 'CartPole-v1', 'replayCapacity=1e15'),
  train('sql', 'Pendulum-v1', 'valueParticles=1e12'),
  train('meow', 'Pendulum-v1', 'couplingHiddenSize=1e12'),
  train('discrete-sac', 'CartPole-v1', 'batchSize=1e12'),
  solve('FrozenLake-v1'),
  solve('GridWorld-v0', '--temperature', '0.1'),
  solve('GridWorld-v0', '--env-set', 'stepReward=1e308'),
  solve('GridWorld-v0', '--env-set', 'legend={"G":{"reward":1,"reward":2}}'),
  solve('Chain-v0', '--env-set', 'length=1e15'),
  solve('FrozenLake-v1', '--temperature', '5e-324'),
];
