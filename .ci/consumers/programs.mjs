// The program that every consumer runs, and what its answer must look like.
import { describeAddon } from '../../packages/backend/dist/index.js';

/** It acts on what it has learned from the first update on; how long it learns is of no matter here. */
const STEPS = 400;
const BYTES = 60_000;

const imports = "import { loadPolicy, train } from 'maxent';";
const steps = `
const run = await train('sac', 'Pendulum-v1', { steps: ${STEPS}, seed: 1, config: { hiddenSizes: [64, 64] } });
const bytes = run.policy().toBytes();
const policy = await loadPolicy(bytes);
const action = policy.act([1, 0, 0]);
const { provenance } = run.config;
const answer = { steps: run.steps, updates: run.updates, backend: run.backend, provenance, bytes: bytes.length, action: String(action) };
`;

/** An ES module that hands its answer to a function of that name. */
export const programFor = (tell) => `${imports}\n${steps}\n${tell}(answer);\n`;

/** The answer as a line of standard output or of the console. */
export const program = `${programFor('tell')}
function tell(answer) {
  console.log(JSON.stringify(answer));
}
`;

/** The same for CommonJS, which has no await outside of functions. */
export const commonJsProgram = `
const { loadPolicy, train } = require('maxent');
main();
async function main() {
  ${steps}
  console.log(JSON.stringify(answer));
}
`;

/** Two worker threads that run the program at the same time, and then this thread, too. */
export const workersProgram = `
import { isMainThread, parentPort, Worker } from 'node:worker_threads';
${imports}
if (isMainThread) await Promise.all([inWorker(), inWorker()]);
${steps}
if (isMainThread) console.log(JSON.stringify(answer));
function inWorker() {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL(import.meta.url));
    worker.on('error', reject);
    worker.on('exit', (code) => (code === 0 ? resolve() : reject(new Error('a worker ended with ' + code))));
  });
}
`;

/** The same as a module that a bundler turns into CommonJS. */
export const wrappedProgram = commonJsProgram.replace(/const .* = require\('maxent'\);/, imports);

/** TypeScript: the program, and what must not compile. */
export const typedProgram = `${program.replace('tell(answer) {', 'tell(answer: object): void {')}
import { makeEnvironment, pendulum } from '@maxent/envs';

export async function refused(): Promise<void> {
  const environment = await makeEnvironment(pendulum);
  // @ts-expect-error: an action is a list of numbers.
  environment.step('push left');
  const { observation } = environment.reset({ seed: 1 });
  // @ts-expect-error: an observation is a list of numbers.
  observation.anything;
  // @ts-expect-error: there is no such environment.
  train('sac', 'Pendulum-v2', { steps: 1 });
  // @ts-expect-error: the setting is called hiddenSizes.
  train('sac', 'Pendulum-v1', { steps: 1, config: { hiddenSize: [64] } });
  // @ts-expect-error: an observation is a list of numbers.
  policy.act('x');
}
`;

/** In a page under a policy without 'unsafe-eval': the error of an environment of MuJoCo, too. */
export const mujocoErrorProgram = `${programFor('tell')}
async function tell(answer) {
  const error = await train('sac', 'HalfCheetah-v5', { steps: 1 }).then(
    () => 'none',
    ({ code, message }) => code + ' ' + message,
  );
  console.log(JSON.stringify({ ...answer, error }));
}
`;

/** What computes in Node, Bun and Deno here: the kernels' addon, if this machine has built one that it can run. */
export const machineCode = describeAddon().available ? 'addon' : 'wasm';

/**
 * Throws unless the answer is that of an agent that has learned, on these kernels, and whose policy acts. Returns what
 * kernels those were.
 */
export function checkAnswer(answer, kernels) {
  const { steps, updates, backend, provenance, bytes, action } = answer;
  const expected =
    steps === STEPS &&
    updates > 0 &&
    backend === 'wasm' &&
    provenance.backend.kernels === kernels &&
    bytes > 0 &&
    bytes < BYTES &&
    // A torque: one number, as an array's text.
    Math.abs(Number.parseFloat(action)) <= 2;
  if (!expected) {
    throw new Error(
      `expected ${STEPS} steps with updates on wasm with kernels of ${kernels}, a policy of less than ${BYTES} bytes and a torque in [-2, 2], got ${JSON.stringify(answer)}`,
    );
  }
  return `${kernels} ${provenance.versions.simd}`;
}
