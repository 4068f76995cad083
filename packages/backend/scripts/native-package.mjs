// Finds tfjs-node, and runs and reports each step of its installation.
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';

const require = createRequire(import.meta.url);

export function nativeDirectory() {
  try {
    return dirname(require.resolve('@tensorflow/tfjs-node/package.json'));
  } catch {
    fail('@tensorflow/tfjs-node is not installed; run pnpm install first');
  }
}

export function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

/** Runs a command with its output shown, and ends this process with `explanation` if it fails. */
export function run(command, args, { explanation, ...options }) {
  const { status, error } = spawnSync(command, args, { stdio: 'inherit', ...options });
  if (error !== undefined) fail(`${command} could not be run (${error.message}); ${explanation}`);
  if (status !== 0) fail(`${command} failed; ${explanation}`);
}

/** Loads the backend in a separate process, with the functions that Node removed restored as our loader does. */
export function checkThatItLoads(directory) {
  const program = `
    const util = require('node:util');
    util.isNullOrUndefined = (value) => value == null;
    util.isArray = Array.isArray;
    const tf = require(${JSON.stringify(directory)});
    const [value] = tf.add(tf.tensor1d([40]), 2).dataSync();
    if (value !== 42) throw new Error('40 + 2 = ' + value);
    console.log('native TensorFlow ' + tf.backend().binding.TF_Version + ' works under Node ' + process.versions.node);
  `;
  run(process.execPath, ['-e', program], {
    explanation: 'the addon is there but does not work: see above',
    env: { TF_CPP_MIN_LOG_LEVEL: '1', ...process.env },
  });
}
