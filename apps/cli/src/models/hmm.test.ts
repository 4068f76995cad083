import { expect, test } from 'vitest';
import { expectClose, infer, inferCommand } from '../test-support/infer.js';
import { healthClinic } from '../test-support/models.js';

test('a hidden Markov model', async () => {
  const { logLikelihood, filtered, predicted, smoothed, viterbi } = await infer(healthClinic);
  expectClose(logLikelihood, -3.3928721329, 5e-11);
  expectClose(smoothed, [
    [0.23170296, 0.76829704],
    [0.62406283, 0.37593717],
    [0.86397715, 0.13602285],
  ]);
  expectClose(filtered[2], smoothed[2], 1e-15);
  expect(predicted[0]).toEqual([0.6, 0.4]);
  expect(viterbi.path).toEqual([1, 0, 0]);
  expectClose(viterbi.logProbability, Math.log(0.01344), 1e-12);
});

test('a missing observation is null', async () => {
  const { smoothed, filtered, predicted } = await infer({ ...healthClinic, observations: [0, null, 2] });
  expect(filtered[1]).toEqual(predicted[1]);
  expect(smoothed).toHaveLength(3);
});

test('emissions may be Gaussian or log-likelihoods, with -Infinity as a string and null for a missing row', async () => {
  const gaussian = { kind: 'gaussian', means: [0, 4], stds: [1, 2] };
  const observations = [0.5, null, 3];
  const first = await infer({ ...healthClinic, emission: gaussian, observations });
  const logDensity = (x: number, mean: number, std: number) =>
    -0.5 * ((x - mean) / std) ** 2 - Math.log(std) - 0.5 * Math.log(2 * Math.PI);
  const values = observations.map(
    (x) => x && [0, 1].map((k) => logDensity(x, gaussian.means[k]!, gaussian.stds[k]!)),
  );
  const { observations: _, ...rest } = healthClinic;
  const second = await infer({ ...rest, emission: { kind: 'logLikelihoods', values } });
  expectClose(second.smoothed, first.smoothed, 1e-12);
  expectClose(second.logLikelihood, first.logLikelihood, 1e-12);
  const certain = { kind: 'logLikelihoods', values: [[0, '-Infinity'], null] };
  expect((await infer({ ...rest, emission: certain })).smoothed[0]).toEqual([1, 0]);
});

test('impossible observations are an answer, not an error', async () => {
  const impossible = {
    ...healthClinic,
    emission: {
      kind: 'categorical',
      probs: [
        [1, 0],
        [1, 0],
      ],
    },
    observations: [0, 1],
  };
  expect(await infer(impossible)).toEqual({
    logLikelihood: '-Infinity',
    filtered: null,
    predicted: null,
    smoothed: null,
    viterbi: { path: null, logProbability: '-Infinity' },
  });
  const { exitCode, out } = await inferCommand(impossible, '--plot');
  expect([exitCode, out.trim()]).toEqual([0, 'log-likelihood  -Infinity: the observations are impossible']);
});
