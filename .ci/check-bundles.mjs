// Part of `pnpm check`: how much JavaScript pages load, bundled by Vite from what is built, in bytes of gzip. WebAssembly
// files come on top. A page that trains is counted with the chunks that this takes, not with those of other agents and
// environments.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';

const root = fileURLToPath(new URL('..', import.meta.url));
const viteAt = createRequire(join(root, 'packages/browser-testing/package.json')).resolve('vite');
const { build } = await import(pathToFileURL(viteAt).href);

const ONE_FUNCTION = 6_000;
/** Functions of `@maxent/pgm` that are made of several others. */
const COMPOSED = 12_000;
/** One function of it with all kernels. */
const WITH_KERNELS = 18_000;
const composed = [
  ...['evaluatePolicy', 'expectedReturn', 'fitHmm', 'fitLinearGaussian', 'inferControl', 'inferFactorGraph'],
  ...[
    'LqgController',
    'lqgExpectedReturn',
    'softPolicyIteration',
    'solveAverageReward',
    'solveStationaryLqr',
  ],
  ...['knownTaskValue', 'posteriorSamplingValue', 'solveTabular', 'variationalBound'],
];

const functionsOfPgm = Object.keys(await import(join(root, 'packages/pgm/dist/index.js'))).map((name) => ({
  what: `${name} of @maxent/pgm`,
  limit: composed.includes(name) ? COMPOSED : ONE_FUNCTION,
  package: 'packages/pgm',
  program: `import { ${name} } from '@maxent/pgm'; globalThis.used = ${name};`,
}));

const pages = [
  ...functionsOfPgm,
  {
    what: 'bellmanOperator of @maxent/pgm, with the kernels of @maxent/pgm/kernels',
    limit: WITH_KERNELS,
    package: 'packages/pgm',
    program: `import { bellmanOperator } from '@maxent/pgm';
      import { loadKernels } from '@maxent/pgm/kernels';
      globalThis.used = [bellmanOperator, loadKernels];`,
  },
  {
    what: 'loadPolicy of @maxent/policy, and acting',
    limit: 12_000,
    package: 'packages/policy',
    program: `import { loadPolicy } from '@maxent/policy';
      globalThis.used = async (bytes) => (await loadPolicy(bytes)).act([1, 0, 0]);`,
  },
  {
    what: 'training sac on Pendulum-v1 by maxent',
    limit: 228_000,
    package: 'apps/cli',
    // Not what draws pictures, which is loaded with the first one.
    loads: ['packages/agents/', 'packages/envs/dist/index.js'],
    program: `import { train } from 'maxent';
      globalThis.used = await train('sac', 'Pendulum-v1', { steps: 3000 });`,
  },
];

/** Bytes that a page loads: its entry, what this imports, and the packages that `loads` names. */
async function pageBytes({ package: directory, program, loads = [] }) {
  const folder = mkdtempSync(join(root, directory, 'page-'));
  try {
    const input = join(folder, 'main.js');
    writeFileSync(input, program);
    const { output } = await build({
      configFile: false,
      root: folder,
      logLevel: 'error',
      build: { write: false, target: 'es2022', assetsInlineLimit: 0, rolldownOptions: { input } },
    });
    const chunks = new Map(
      output.filter(({ type }) => type === 'chunk').map((each) => [each.fileName, each]),
    );
    const needed = new Set();
    const need = ({ fileName, imports, dynamicImports }) => {
      if (needed.has(fileName)) return;
      needed.add(fileName);
      for (const name of imports) need(chunks.get(name));
      for (const chunk of dynamicImports.map((name) => chunks.get(name))) {
        if (loads.some((path) => chunk.facadeModuleId?.startsWith(join(root, path)))) need(chunk);
      }
    };
    need([...chunks.values()].find(({ isEntry }) => isEntry));
    const missing = loads.filter(
      (path) => ![...needed].some((name) => chunks.get(name).facadeModuleId?.startsWith(join(root, path))),
    );
    if (missing.length > 0) throw new Error(`the page loads no chunk of ${missing.join(', ')}`);
    return [...needed]
      .map((name) => gzipSync(chunks.get(name).code, { level: 9 }).byteLength)
      .reduce((sum, bytes) => sum + bytes, 0);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const sizes = [];
for (const page of pages) sizes.push({ ...page, bytes: await pageBytes(page) });
const tooLarge = sizes.filter(({ bytes, limit }) => bytes > limit);
for (const { what, bytes, limit } of tooLarge) {
  process.stderr.write(`${what} is ${bytes} bytes of gzipped JavaScript, and may be ${limit}\n`);
}
if (tooLarge.length > 0) process.exit(1);
const largest = sizes.filter(({ limit }) => limit === ONE_FUNCTION).sort((a, b) => b.bytes - a.bytes)[0];
for (const { what, bytes, limit } of [largest, ...sizes.slice(functionsOfPgm.length)]) {
  process.stdout.write(`${what}: ${bytes} of ${limit} bytes of gzipped JavaScript\n`);
}
