// What `.ci/check-addon.mjs` bundles and runs in Node, Bun and Deno on any platform: hashes what each kernel of `backend`
// answers, the state of SAC after some gradient steps, and sweeps of `pgm`, with every build of the kernels that runs
// here. Then two worker threads run the best build of the addon of `backend` at the same time, and the process ends while
// threads of that addon sleep. The last line is JSON.
import { createHash } from 'node:crypto';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import fc from 'fast-check';
import { softActorCritic } from '../../packages/agents/src/index.ts';
import { selectBackend } from '../../packages/backend/src/index.ts';
import { loadFusedKernels } from '../../packages/backend/src/kernels/fused-kernels.ts';
import { isAddonBuild, supportedBuilds } from '../../packages/backend/src/kernels/kernel-builds.ts';
import { kernelCalls, outputsOf } from '../../packages/backend/src/testing/kernel-calls.ts';
import { Box, Rng } from '../../packages/core/src/index.ts';
import { bellmanOperator } from '../../packages/pgm/src/index.ts';
import { codeOf, runningBuilds } from '../../packages/pgm/src/kernels/test-support/kernel-builds.ts';
import { loadKernelsForAll } from '../../packages/pgm/src/kernels/test-support/kernels-for-all.ts';
import { patternedMdp } from '../../packages/pgm/src/kernels/test-support/patterned-mdp.ts';

const DRAWS = 40;
const GRADIENT_STEPS = 5;
const observationSpace = new Box({ low: -10, high: 10, shape: [5] });
const actionSpace = new Box({ low: -1, high: 1, shape: [2] });

/** Which bits NaN has, WebAssembly leaves open. */
function hashOf(arrays) {
  const hash = createHash('sha256');
  for (const array of arrays) {
    const values =
      array instanceof Float32Array ? array.map((value) => (Number.isNaN(value) ? 0 : value)) : array;
    hash.update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  }
  return hash.digest('hex').slice(0, 16);
}

function hashKernel(kernels, name) {
  const calls = fc.sample(kernelCalls[name], { seed: 1, numRuns: DRAWS });
  return hashOf(calls.flatMap((call) => outputsOf(kernels, call)));
}

/** SAC on transitions that are drawn, so that no environment's arithmetic comes in. */
function hashSac() {
  const config = softActorCritic.config.parse({
    hiddenSizes: [64, 64],
    batchSize: 64,
    learningStarts: 64,
    replayCapacity: 100,
  });
  const agent = softActorCritic.create({ observationSpace, actionSpace, rng: Rng.fromSeed(1) }, config);
  const rng = Rng.fromSeed(2);
  const draw = (count) => Float32Array.from({ length: count }, () => rng.uniform() * 2 - 1);
  let steps = 0;
  for (let observation = draw(5); steps < GRADIENT_STEPS; ) {
    const nextObservation = draw(5);
    const rest = { terminated: false, truncated: false, info: {} };
    agent.observe({ observation, action: draw(2), reward: rng.uniform(), nextObservation, ...rest });
    steps += agent.update().gradientSteps;
    observation = nextObservation;
  }
  const { arrays } = agent.save();
  agent.dispose();
  return hashOf(
    Object.keys(arrays)
      .sort()
      .map((name) => arrays[name]),
  );
}

/** Values after each of some sweeps over processes with and without patterns, with the kernels that are loaded. */
function hashSweeps() {
  const values = [];
  for (const irregular of [0, 0.5, 1]) {
    const rows = { kinds: 4, mostSuccessors: 7, longestRun: 100, irregular };
    const mdp = patternedMdp(Rng.fromSeed(3), { stateCount: 1000, actionCount: 4, ...rows });
    for (const inference of ['variational', 'hard']) {
      const sweep = bellmanOperator(mdp, { inference, discount: 0.9, temperature: 0.3 });
      values.push(new Float64Array(mdp.stateCount));
      for (let i = 0; i < DRAWS; i++) {
        values.push(new Float64Array(mdp.stateCount));
        sweep(values.at(-2), values.at(-1));
      }
    }
  }
  return hashOf(values);
}

function hashSweepBuilds() {
  return runningBuilds().map((build) => {
    loadKernelsForAll(codeOf(build));
    return { build, sweeps: hashSweeps() };
  });
}

/** Hashes by build; of the addon's, on one and on two threads. */
async function hashBuilds(builds) {
  await selectBackend({ prefer: 'wasm' });
  const results = [];
  for (const build of builds) {
    for (const threads of isAddonBuild(build) ? [1, 2] : [1]) {
      const kernels = await loadFusedKernels({ build, threads });
      const { rounding } = kernels;
      const hashes = Object.keys(kernelCalls).map((name) => [name, hashKernel(kernels, name)]);
      results.push({
        build,
        threads: kernels.threads,
        rounding,
        hashes: { ...Object.fromEntries(hashes), sac: hashSac() },
      });
    }
  }
  return results;
}

function runtime() {
  const { bun, deno, node } = process.versions;
  return bun ? `Bun ${bun}` : deno ? `Deno ${deno}` : `Node ${node}`;
}

/** Node's name of the platform and, on Linux, which C library it runs on. */
function system() {
  const { platform, arch } = process;
  const musl = platform === 'linux' && process.report?.getReport().header.glibcVersionRuntime === undefined;
  return `${platform}-${arch}${musl ? ' (musl)' : ''}`;
}

function inWorker() {
  return new Promise((resolve, reject) => {
    let results;
    const worker = new Worker(new URL(import.meta.url));
    worker.on('message', (message) => {
      results = message;
    });
    worker.on('error', reject);
    worker.on('exit', (code) =>
      code === 0 ? resolve(results) : reject(new Error(`a worker ended with ${code}`)),
    );
  });
}

if (isMainThread) {
  const results = await hashBuilds(supportedBuilds());
  const sweepResults = hashSweepBuilds();
  const workers = await Promise.all([inWorker(), inWorker()]);
  process.stdout.write(
    `${JSON.stringify({ system: system(), runtime: runtime(), results, sweepResults, workers })}\n`,
    () => process.exit(),
  );
} else {
  parentPort.postMessage(await hashBuilds(supportedBuilds().filter(isAddonBuild).slice(0, 1)));
}
