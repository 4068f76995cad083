// The kernels' addon in other runtimes and on other platforms: node .ci/check-addon.mjs [COMMAND ...]
// Each command runs a JavaScript file: `node`, `deno run --allow-all`, `qemu-aarch64 -L /usr/aarch64-linux-gnu .../node`.
// All must give the same bits for every kernel and for gradient steps of SAC, at least one of them relaxed SIMD that fuses
// multiply-adds; see .ci/addon/program.mjs. The addons are those in packages/backend/prebuilds.
// `--write FOLDER` writes what a runtime on another machine needs, and runs nothing: FOLDER/program/main/main.mjs.
import { execFileSync } from 'node:child_process';
import { copyFileSync, cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const root = fileURLToPath(new URL('..', import.meta.url));
const backend = join(root, 'packages/backend');
const { build } = createRequire(join(backend, 'package.json'))('esbuild');

/** A folder with the program and the addons, where the program looks for them; returns the program's path. */
async function write(folder) {
  const program = join(folder, 'program/main');
  await build({
    entryPoints: [join(root, '.ci/addon/program.mjs')],
    outfile: join(program, 'main.mjs'),
    bundle: true,
    platform: 'node',
    format: 'esm',
    // The sources, so that nothing has to be built.
    conditions: ['@maxent/source', 'module'],
    nodePaths: [join(root, 'node_modules')],
    logLevel: 'error',
  });
  const binary = 'tfjs-backend-wasm-simd.wasm';
  copyFileSync(join(backend, 'src/kernels/generated', binary), join(program, binary));
  cpSync(join(backend, 'prebuilds'), join(folder, 'prebuilds'), { recursive: true });
  return join(program, 'main.mjs');
}

/** Compares with what came before; returns a line about each build of the addon. */
function compare({ system, runtime, results, workers }, expected, problems) {
  for (const { build, threads, rounding, hashes } of [...results, ...workers.flat()]) {
    // What is rounded otherwise has other numbers.
    if (rounding !== 'fused') continue;
    for (const [name, hash] of Object.entries(hashes)) {
      const known = expected.get(name) ?? { hash, source: `${build} under ${runtime} on ${system}` };
      expected.set(name, known);
      if (hash === known.hash) continue;
      problems.push(
        `${name} of ${build} on ${threads} threads under ${runtime} on ${system} differs from ${known.source}`,
      );
    }
  }
  const addons = results.filter(({ build, threads }) => !/simd/.test(build) && threads === 1);
  if (addons.length === 0) problems.push(`no addon was loaded under ${runtime} on ${system}`);
  return addons.map(
    ({ build, hashes }) =>
      `addon ${system} ${build} under ${runtime}: ${Object.keys(hashes).length - 1} kernels and SAC`,
  );
}

const { values, positionals } = parseArgs({ allowPositionals: true, options: { write: { type: 'string' } } });
if (values.write !== undefined) {
  mkdirSync(values.write, { recursive: true });
  await write(values.write);
} else {
  const folder = mkdtempSync(join(tmpdir(), 'maxent-addon-'));
  const [expected, problems, lines] = [new Map(), [], []];
  let references = 0;
  try {
    const program = await write(folder);
    for (const command of positionals.length > 0 ? positionals : ['node']) {
      const [file, ...argv] = command.split(' ');
      const output = execFileSync(file, [...argv, program], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const answer = JSON.parse(output.trim().split('\n').at(-1));
      const { results } = answer;
      references += results.filter(
        ({ build, rounding }) => build === 'relaxed-simd' && rounding === 'fused',
      ).length;
      lines.push(...compare(answer, expected, problems));
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  if (references === 0)
    problems.push('none of these runtimes has relaxed SIMD that fuses multiply-adds: add Node 24');
  process.stdout.write(`${[...lines, ...problems].join('\n')}\n`);
  if (problems.length > 0) process.exitCode = 1;
  else process.stdout.write('all equal, and equal to relaxed SIMD\n');
}
