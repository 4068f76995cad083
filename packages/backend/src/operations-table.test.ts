// OPERATIONS.md: what each operation runs on each backend, as traced here. `vitest -u` rewrites it. Only
// `pnpm test:native` traces the native backend; any other run keeps that column as it is.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import {
  adamStep,
  affineCoupling,
  affineCouplingParameterCount,
  type BackendName,
  clipByGlobalNorm,
  type DenseStackSpec,
  denseStack,
  denseStackParameterCount,
  foldNormalization,
  globalNorm,
  importanceSoftValue,
  joinColumns,
  mixtureProposals,
  normalizedStack,
  normalizedStackCounts,
  polyakStep,
  repeatRows,
  selectBackend,
  softBellmanTarget,
  softPolicyLoss,
  softValue,
  squaredErrorLoss,
  squash,
  squashedGaussian,
  steinDirections,
} from './index.js';
import { fusedKernels } from './kernels/fused-kernels.js';
import { currentNativeBackend } from './native/native-backend.js';
import { testBackends } from './test-backends.js';
import { tensorFrom } from './testing/close.js';

const columns = ['wasm', 'native', 'cpu'] as const;
const file = new URL('../OPERATIONS.md', import.meta.url);
const require = createRequire(import.meta.url);

const network: DenseStackSpec = { sizes: [3, 8, 8, 2], hiddenActivation: 'relu', outputActivation: 'linear' };
const layerNormalized: DenseStackSpec = { ...network, layerNormalization: { epsilon: 1e-5 } };
const ensemble: DenseStackSpec = { ...network, members: 2 };

/** The operations, each prepared on the current backend; the function it returns runs under the trace. */
const operations: Record<string, () => () => unknown> = {
  'denseStack, two hidden layers': () => stack(network).value,
  'its gradient in the parameters': () => stack(network).parameterGradient,
  'its gradient in the input': () => stack(network).inputGradient,
  'denseStack, ensemble of two': () => stack(ensemble).value,
  'its gradient in the parameters (ensemble)': () => stack(ensemble).parameterGradient,
  'its gradient in the input (ensemble)': () => stack(ensemble).inputGradient,
  'denseStack, two inputs side by side': () => pair().value,
  'its gradient in one of them': () => pair().gradient,
  'denseStack with layer normalization': () => stack(layerNormalized).value,
  'its gradient in the parameters (layer normalization)': () => stack(layerNormalized).parameterGradient,
  'normalizedStack, two hidden layers': () => normalized().value,
  'its gradient in the parameters (normalized)': () => normalized().gradient,
  foldNormalization: () => normalized().folded,
  squashedGaussian: () => gaussian().value,
  'its gradient': () => gaussian().gradient,
  affineCoupling: () => coupling().value,
  'its gradient in the parameters (coupling)': () => coupling().parameterGradient,
  'its gradient in the input (coupling)': () => coupling().inputGradient,
  softValue: () => softValues().value,
  'its gradient in values alone': () => softValues().smallestGradient,
  softBellmanTarget: () => softValues().target,
  'squaredErrorLoss, its gradient': () => softValues().squaredErrorGradient,
  softPolicyLoss: () => softValues().policyLoss,
  'its gradient in values and log-probabilities': () => softValues().policyLossGradient,
  squash: () => squashed().value,
  'its gradient (squash)': () => squashed().gradient,
  'importanceSoftValue, two critics': () => proposals().softValue,
  mixtureProposals: () => proposals().mixture,
  steinDirections: () => {
    const shape: [number, number, number] = [3, 4, 2];
    const [fixed, scores, updated] = [1, 2, 3].map((seed) => used(tensorFrom<tf.Rank.R3>(seed, shape)));
    return () => steinDirections({ fixed: fixed!, scores: scores!, updated: updated! });
  },
  repeatRows: () => {
    const rows = used(tensorFrom<tf.Rank.R2>(1, [3, 2]));
    return () => repeatRows(rows, 4);
  },
  joinColumns: () => {
    const [first, second] = [
      used(tensorFrom<tf.Rank.R2>(1, [6, 2])),
      used(tensorFrom<tf.Rank.R2>(2, [3, 1])),
    ];
    return () => joinColumns(first, second);
  },
  adamStep: () => {
    const [parameters, firstMoment, secondMoment] = [variable(), variable(), variable()];
    const gradient = used(tensorFrom<tf.Rank.R1>(9, [4]));
    return () => adamStep({ parameters, gradient, firstMoment, secondMoment, step: 1, learningRate: 0.1 });
  },
  polyakStep: () => {
    const [target, source] = [variable(), used(tensorFrom<tf.Rank.R1>(9, [4]))];
    return () => polyakStep(target, source, 0.1);
  },
  'globalNorm of two tensors': () => {
    const tensors = [used(tensorFrom<tf.Rank.R1>(1, [4])), used(tensorFrom<tf.Rank.R1>(2, [3]))];
    return () => globalNorm(tensors);
  },
  'clipByGlobalNorm of two tensors': () => {
    const tensors = [used(tensorFrom<tf.Rank.R1>(1, [4])), used(tensorFrom<tf.Rank.R1>(2, [3]))];
    return () => clipByGlobalNorm(tensors, 1);
  },
};

function used<T extends tf.Tensor>(tensor: T): T {
  return tf.tidy(() => tf.add(tensor, 0)) as T;
}

function variable(): tf.Variable {
  return tf.tidy(() => tf.variable(used(tensorFrom<tf.Rank.R1>(7, [4]))));
}

function stack(spec: DenseStackSpec) {
  const x = used(tensorFrom<tf.Rank.R2>(1, [5, 3]));
  const parameters = used(tensorFrom<tf.Rank.R1>(2, [denseStackParameterCount(spec)]));
  const shape = spec.members === undefined ? [5, 2] : [spec.members, 5, 2];
  const dy = used(tensorFrom(3, shape as [number, number]));
  return {
    value: () => denseStack(x, parameters, spec),
    parameterGradient: () => tf.grad((p: tf.Tensor) => denseStack(x, p, spec))(parameters, dy),
    inputGradient: () => tf.grad((a: tf.Tensor) => denseStack(a, parameters, spec))(x, dy),
  };
}

function pair() {
  const [a, b] = [used(tensorFrom<tf.Rank.R2>(1, [5, 2])), used(tensorFrom<tf.Rank.R2>(4, [5, 1]))];
  const parameters = used(tensorFrom<tf.Rank.R1>(2, [denseStackParameterCount(network)]));
  const dy = used(tensorFrom<tf.Rank.R2>(3, [5, 2]));
  return {
    value: () => denseStack([a, b], parameters, network),
    gradient: () => tf.grad((x: tf.Tensor) => denseStack([a, x], parameters, network))(b, dy),
  };
}

function normalized() {
  const spec = { ...network, epsilon: 1e-3, momentum: 0.99 };
  const counts = normalizedStackCounts(spec);
  const x = used(tensorFrom<tf.Rank.R2>(1, [5, 3]));
  const parameters = used(tensorFrom<tf.Rank.R1>(2, [counts.parameters]));
  const dy = used(tensorFrom<tf.Rank.R2>(3, [5, 2]));
  const statistics = tf.tidy(() => tf.variable(used(tf.ones([counts.statistics])), false));
  return {
    value: () => normalizedStack(x, parameters, statistics, spec),
    gradient: () => tf.grad((p: tf.Tensor) => normalizedStack(x, p, statistics, spec))(parameters, dy),
    folded: () => foldNormalization(parameters, statistics, spec),
  };
}

function softValues() {
  const values = used(tensorFrom<tf.Rank.R3>(1, [2, 5, 1]));
  const [logProb, rewards, continues] = [2, 3, 4].map((seed) => used(tensorFrom<tf.Rank.R1>(seed, [5])));
  const inputs = { values, logProb: logProb!, temperature: tf.tidy(() => used(tf.scalar(0.2))) };
  const policyLoss = (v: tf.Tensor, l: tf.Tensor) =>
    softPolicyLoss({ ...inputs, values: v, logProb: l as tf.Tensor1D }).loss;
  return {
    value: () => softValue(inputs),
    smallestGradient: () => tf.grad((v: tf.Tensor) => softValue({ values: v }))(values),
    target: () => softBellmanTarget({ ...inputs, rewards: rewards!, continues: continues!, discount: 0.99 }),
    squaredErrorGradient: () => tf.grad((v: tf.Tensor) => squaredErrorLoss(v, rewards!))(values),
    policyLoss: () => softPolicyLoss(inputs),
    policyLossGradient: () => tf.grads(policyLoss)([values, logProb!]),
  };
}

function squashed() {
  const x = used(tensorFrom<tf.Rank.R2>(1, [5, 3]));
  return {
    value: () => squash(x),
    gradient: () => tf.grad((a: tf.Tensor) => squash(a).logDet)(x),
  };
}

function proposals() {
  const [draws, noise, uniforms] = [1, 2, 3].map((seed) => used(tensorFrom<tf.Rank.R3>(seed, [3, 2, 2])));
  const values = used(tensorFrom<tf.Rank.R3>(4, [2, 12, 1]));
  const logDensities = used(tensorFrom<tf.Rank.R1>(5, [12]));
  return {
    softValue: () => importanceSoftValue({ values, logDensities, perState: 4, temperature: 0.2 }),
    mixture: () => mixtureProposals({ draws: draws!, noise: noise!, uniforms: uniforms! }),
  };
}

function gaussian() {
  const head = used(tensorFrom<tf.Rank.R2>(1, [5, 6]));
  const noise = used(tensorFrom<tf.Rank.R2>(2, [5, 3]));
  return {
    value: () => squashedGaussian(head, noise),
    gradient: () => tf.grad((h: tf.Tensor) => squashedGaussian(h, noise).logProb)(head),
  };
}

function coupling() {
  const spec = { size: 3, kept: 1, keeps: 'first', hiddenSize: 4, maximumLogScale: 2 } as const;
  const x = used(tensorFrom<tf.Rank.R2>(1, [5, 3]));
  const parameters = used(tensorFrom<tf.Rank.R1>(2, [affineCouplingParameterCount(spec)]));
  return {
    value: () => affineCoupling(x, parameters, spec),
    parameterGradient: () => tf.grad((p: tf.Tensor) => affineCoupling(x, p, spec).logDet)(parameters),
    inputGradient: () => tf.grad((a: tf.Tensor) => affineCoupling(a, parameters, spec).logDet)(x),
  };
}

/** Names of what the backend executes while `work` runs. */
async function trace(backend: BackendName, work: () => unknown): Promise<string[]> {
  const names: string[] = [];
  const recording = <T extends object>(
    target: T,
    nameOf: (key: string, call: unknown[]) => string | undefined,
  ) =>
    // Neither a module's exports nor the addon allow their members to be replaced by a proxy.
    new Proxy(Object.create(target) as T, {
      get(_, key) {
        const member = Reflect.get(target, key);
        if (typeof member !== 'function') return member;
        return (...call: unknown[]) => {
          const name = nameOf(String(key), call);
          if (name !== undefined) names.push(name);
          return member.apply(target, call);
        };
      },
    });
  if (backend === 'wasm') {
    const kernels = fusedKernels()!;
    const { run } = kernels;
    // Asking how much scratch memory a product needs is not work.
    Object.assign(kernels, { run: recording(run, (key) => (key.endsWith('Scratch') ? undefined : key)) });
    tf.tidy(() => void work());
    Object.assign(kernels, { run });
  } else if (backend === 'native') {
    const native = currentNativeBackend()!;
    const { binding } = native;
    const nameOf = (key: string, call: unknown[]) => (key === 'executeOp' ? String(call[0]) : undefined);
    Object.assign(native, { binding: recording(binding, nameOf) });
    tf.tidy(() => void work());
    Object.assign(native, { binding });
  } else {
    const { kernels } = await tf.profile(() => {
      tf.tidy(() => void work());
      return tf.scalar(0);
    });
    names.push(...kernels.map(({ name }) => name).filter((name) => name !== 'Identity'));
  }
  return names;
}

function summarize(names: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  const parts = [...counts].map(([name, count]) => (count === 1 ? name : `${name} x${count}`));
  return `${names.length}: ${parts.join(', ')}`;
}

/** The cells of a table row in the stored file, or undefined. */
function storedCells(label: string): string[] | undefined {
  const line = readFileSync(file, 'utf8')
    .split('\n')
    .find((candidate) => candidate.startsWith(`| ${label} |`));
  return line
    ?.split('|')
    .slice(2, -1)
    .map((cell) => cell.trim());
}

/** tfjs's own kernels that not all three backends have. */
function kernelTable(): string[] {
  // Registering tfjs-node's kernels needs neither its addon nor its library.
  require('@tensorflow/tfjs-node/dist/register_all_kernels');
  const engineNames = { wasm: 'wasm', native: 'tensorflow', cpu: 'cpu' };
  const registered = columns.map(
    (name) => new Set(tf.getKernelsForBackend(engineNames[name]).map(({ kernelName }) => kernelName)),
  );
  const all = [...new Set(registered.flatMap((names) => [...names]))].sort();
  const partial = all.filter((name) => !registered.every((names) => names.has(name)));
  return [
    `All three backends have ${all.length - partial.length} kernels. The others:`,
    '',
    `| kernel | ${columns.join(' | ')} |`,
    '| --- | --- | --- | --- |',
    ...partial.map(
      (name) => `| ${name} | ${registered.map((names) => (names.has(name) ? 'yes' : '')).join(' | ')} |`,
    ),
  ];
}

test('OPERATIONS.md is what the operations do', { timeout: 120_000 }, async () => {
  const traced = new Map<string, Partial<Record<BackendName, string>>>();
  for (const backend of columns.filter((name) => name !== 'native' || testBackends.includes('native'))) {
    await selectBackend({ prefer: backend });
    for (const [label, prepare] of Object.entries(operations)) {
      // Run it once first: some things are made at first use and kept.
      tf.tidy(() => void prepare()());
      const names = await trace(backend, prepare());
      expect(names, `${label} on ${backend}`).not.toEqual([]);
      traced.set(label, { ...traced.get(label), [backend]: summarize(names) });
    }
  }
  const rows = Object.keys(operations).map((label) => {
    const stored = storedCells(label);
    const cells = columns.map((name, i) => traced.get(label)![name] ?? stored?.[i] ?? '');
    return `| ${label} | ${cells.join(' | ')} |`;
  });
  const document = [
    '# Operations by backend',
    '',
    'Written by `src/operations-table.test.ts`, which fails when this file is out of date.',
    '',
    '## Our operations',
    '',
    'How many calls each operation makes, and which: kernels of `assembly/` on wasm, TensorFlow operations on native,',
    'tfjs kernels on cpu. A gradient includes the forward pass. On native, AssignVariableOp and ReadVariableOp copy nothing.',
    '',
    `| operation | ${columns.join(' | ')} |`,
    '| --- | --- | --- | --- |',
    ...rows,
    '',
    '## Kernels of TensorFlow.js',
    '',
    ...kernelTable(),
    '',
  ].join('\n');
  await expect(document).toMatchFileSnapshot('../OPERATIONS.md');
});
