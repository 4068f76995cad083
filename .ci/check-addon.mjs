// The kernels' addons, as they lie in prebuilds of their packages, in other runtimes and on other platforms. All must give
// the same bits for every kernel of `backend` and for gradient steps of SAC, at least one of them WebAssembly's with relaxed
// SIMD that fuses multiply-adds. Sweeps of `pgm` must have the bits of WebAssembly in the same runtime, as runtimes differ
// in the logarithms of their tables. .ci/addon/program.mjs says what is computed.
//
//   node .ci/check-addon.mjs [COMMAND ...]       runs each, such as `node` or `qemu-aarch64 -L /usr/aarch64-linux-gnu node`
//   node .ci/check-addon.mjs --write FOLDER      writes what another machine runs: node FOLDER/program/main/main.mjs
//   node .ci/check-addon.mjs --compare FOLDER    compares what they wrote to standard output, a file of FOLDER each
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

/** What the commands answer, after one another. */
async function answersOf(commands) {
  const { writeProgram } = await import('./addon/bundle.mjs');
  const folder = mkdtempSync(join(tmpdir(), 'maxent-addon-'));
  try {
    const program = await writeProgram(folder);
    return commands.map((command) => {
      const [file, ...argv] = command.split(' ');
      const stdio = ['ignore', 'pipe', 'inherit'];
      return execFileSync(file, [...argv, program], { encoding: 'utf8', stdio });
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Says what differs, and a line about each addon that was loaded. */
function compare(answers) {
  const [lines, problems] = [[], []];
  /** The first hash of each kernel, and where it came from. */
  const expected = new Map();
  let references = 0;
  for (const { system, runtime, results, sweepResults, workers } of answers) {
    const place = `under ${runtime} on ${system}`;
    for (const { build, threads, rounding, hashes } of [...results, ...workers.flat()]) {
      // What is rounded otherwise has other numbers.
      if (rounding !== 'fused') continue;
      if (build === 'relaxed-simd') references++;
      const source = `${build} on ${threads} threads ${place}`;
      for (const [name, hash] of Object.entries(hashes)) {
        if (!expected.has(name)) expected.set(name, { hash, source });
        const known = expected.get(name);
        if (hash !== known.hash) problems.push(`${name}: ${source} differs from ${known.source}`);
      }
    }
    const addons = results.filter(({ build, threads }) => !/simd/.test(build) && threads === 1);
    if (addons.length === 0) problems.push(`no addon of backend was loaded ${place}`);
    for (const { build, hashes } of addons) {
      const count = Object.keys(hashes).length - 1;
      lines.push(`addon ${system} ${build} under ${runtime}: ${count} kernels and SAC`);
    }
    const [inWasm, ...asAddon] = sweepResults;
    if (asAddon.length === 0) problems.push(`no addon of pgm was loaded ${place}`);
    for (const { build, sweeps } of asAddon) {
      if (sweeps !== inWasm.sweeps) problems.push(`sweeps: ${build} ${place} differs from ${inWasm.build}`);
      lines.push(`addon of pgm ${system} ${build} under ${runtime}: sweeps`);
    }
  }
  if (references === 0) problems.push('nothing here has relaxed SIMD that fuses multiply-adds; add Node 24');
  return { lines, problems };
}

const options = { write: { type: 'string' }, compare: { type: 'string' } };
const { values, positionals } = parseArgs({ allowPositionals: true, options });
if (values.write !== undefined) {
  const { writeProgram } = await import('./addon/bundle.mjs');
  await writeProgram(values.write);
} else {
  const outputs =
    values.compare === undefined
      ? await answersOf(positionals.length > 0 ? positionals : ['node'])
      : readdirSync(values.compare).map((file) => readFileSync(join(values.compare, file), 'utf8'));
  // The last line: runtimes print warnings, too.
  const { lines, problems } = compare(outputs.map((output) => JSON.parse(output.trim().split('\n').at(-1))));
  const verdict = problems.length > 0 ? problems : ['all equal, and equal to relaxed SIMD'];
  process.stdout.write(`${[...lines, ...verdict].join('\n')}\n`);
  if (problems.length > 0) process.exitCode = 1;
}
