import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { selectBackend } from '@maxent/backend';
import { InvalidInputError, isMaxentError, Rng } from '@maxent/core';
import { VariationalAutoencoder } from '@maxent/pgm/variational';
import { loadDigits, PIXELS } from './vae/digits.js';
import { COLUMNS, priorSamples, reconstructions } from './vae/draw-autoencoder.js';
import { evaluateAutoencoder, IMPORTANCE_PARTICLES } from './vae/evaluate-autoencoder.js';
import { imageGrid } from './vae/image-grid.js';
import { trainAutoencoder } from './vae/train-autoencoder.js';

const usage = `Trains a variational autoencoder on MNIST digits and draws what it learned.

Usage: pnpm --filter @maxent/examples vae [--steps N] [--seed N] [--out DIR]

  --steps  gradient steps on batches of 128 images, default 6000
  --seed   seed of the weights and all noise, default 1
  --out    directory for the pictures, relative to apps/examples; default vae-digits
`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      steps: { type: 'string', default: '6000' },
      seed: { type: 'string', default: '1' },
      out: { type: 'string', default: 'vae-digits' },
      help: { type: 'boolean' },
    },
  });
  if (values.help === true) {
    process.stdout.write(usage);
    return;
  }
  const steps = integer('--steps', values.steps);
  const rng = Rng.fromSeed(integer('--seed', values.seed));
  const { name, reason } = await selectBackend();
  process.stderr.write(`backend ${name}: ${reason}\n`);
  const model = new VariationalAutoencoder({
    inputSize: PIXELS,
    hiddenSizes: [256],
    latentSize: 16,
    rng: rng.split('weights'),
  });
  const started = performance.now();
  trainAutoencoder(model, loadDigits('train'), {
    steps,
    rng: rng.split('training'),
    onProgress: (step, elbo) => {
      const seconds = (performance.now() - started) / 1000;
      process.stderr.write(`step ${step}: ELBO ${elbo.toFixed(2)} nats per image, ${seconds.toFixed(0)} s\n`);
    },
  });
  const test = loadDigits('t10k');
  const images = 10_000;
  const gapImages = 128;
  const evaluation = evaluateAutoencoder(model, test, {
    images,
    gapImages,
    gapSteps: 500,
    rng: rng.split('evaluation'),
  });
  process.stderr.write(`trained and evaluated in ${((performance.now() - started) / 1000).toFixed(0)} s\n`);
  mkdirSync(values.out, { recursive: true });
  const pictures = {
    'reconstructions.png': reconstructions(model, test, rng.split('pictures')),
    'prior-samples.png': priorSamples(model, rng.split('samples')),
  };
  for (const [file, ink] of Object.entries(pictures)) {
    writeFileSync(join(values.out, file), imageGrid(ink, COLUMNS));
  }
  const nats = (value: number): string => `${value.toFixed(2)} nats per image`;
  process.stdout.write(
    `ELBO:                      ${nats(evaluation.elbo)} (${images} test images)\n` +
      `importance-weighted bound: ${nats(evaluation.importanceWeightedBound)} (K = ${IMPORTANCE_PARTICLES})\n` +
      `amortization gap:          ${nats(evaluation.amortizationGap)} (${gapImages} test images)\n` +
      `pictures:                  ${Object.keys(pictures)
        .map((file) => resolve(values.out, file))
        .join(', ')}\n`,
  );
}

function integer(option: string, text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidInputError(option, `expected a whole number, got "${text}"`);
  return Number(text);
}

try {
  await main();
} catch (error) {
  if (!isMaxentError(error)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
}
