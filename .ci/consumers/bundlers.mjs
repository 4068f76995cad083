// Programs out of bundlers, in Node and in pages of a real browser.
import { copyFileSync, cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  checkAnswer,
  machineCode,
  mujocoErrorProgram,
  program,
  programFor,
  wrappedProgram,
} from './programs.mjs';
import { pageOf, visit, visitDirectory } from './visit.mjs';

const workerProgram = programFor('postMessage');
/** A page that has its worker learn. */
const workerPage = `
const worker = new Worker(new URL('./program.js', import.meta.url), { type: 'module' });
worker.onmessage = ({ data }) => console.log(JSON.stringify(data));
worker.onerror = ({ message }) => { throw new Error(message); };
`;

const page = (main) => ({ 'index.html': pageOf('./main.js'), 'main.js': main });
const inFolder = (folder, files) =>
  Object.fromEntries(Object.entries(files).map(([name, text]) => [`${folder}/${name}`, text]));

/** Vite's own functions, with a page's folder as its root. */
async function vite(project, folder) {
  const api = await import(pathToFileURL(project.path('node_modules/vite/dist/node/index.js')));
  // Workers of several files are ES modules, as they are in the source.
  const config = {
    root: project.path(folder),
    configFile: false,
    logLevel: 'error',
    worker: { format: 'es' },
    server: { port: 0, fs: { allow: [project.directory] } },
  };
  return { ...api, config };
}

async function served(project, folder) {
  const { createServer, config } = await vite(project, folder);
  const server = await createServer(config);
  try {
    await server.listen();
    return await visit(server.resolvedUrls.local[0]);
  } finally {
    await server.close();
  }
}

async function built(project, folder, headers) {
  const { build, config } = await vite(project, folder);
  await build(config);
  return visitDirectory(project.path(folder, 'dist'), headers);
}

const POLICY = "script-src 'self' 'wasm-unsafe-eval'";

const viteProject = {
  tools: ['vite@8'],
  files: {
    ...inFolder('page', page(program)),
    ...inFolder('worker', { ...page(workerPage), 'program.js': workerProgram }),
    ...inFolder('policy', page(mujocoErrorProgram)),
  },
  consumers: {
    'Vite page, development server': async (project) => checkAnswer(await served(project, 'page'), 'wasm'),
    'Vite page, built': async (project) => checkAnswer(await built(project, 'page'), 'wasm'),
    'Vite worker, development server': async (project) =>
      checkAnswer(await served(project, 'worker'), 'wasm'),
    'Vite worker, built': async (project) => checkAnswer(await built(project, 'worker'), 'wasm'),
    [`page with ${POLICY}`]: async (project) => {
      const answer = await built(project, 'policy', { 'content-security-policy': POLICY });
      const kernels = checkAnswer(answer, 'wasm');
      if (!/^WASM_LOAD .*'unsafe-eval'/.test(answer.error)) {
        throw new Error(`expected an error of MuJoCo's that names 'unsafe-eval', got ${answer.error}`);
      }
      return kernels;
    },
  },
};

const webpackProject = {
  tools: ['webpack@5'],
  files: {
    'main.js': program,
    'site/index.html': pageOf('./main.js'),
    'bundle.cjs': `
      const webpack = require('webpack');
      const output = { path: __dirname + '/site', filename: 'main.js' };
      webpack({ mode: 'production', context: __dirname, entry: './main.js', output }, (error, stats) => {
        if (error || stats.hasErrors()) throw error ?? new Error(stats.toString('errors-only'));
      });`,
  },
  consumers: {
    'webpack page': async (project) => {
      await project.run('node', 'bundle.cjs');
      return checkAnswer(await visitDirectory(project.path('site')), 'wasm');
    },
  },
};

/** In a bundle, TensorFlow.js's binary lies where its README says: next to it, or at an address that is given. */
const binary = 'tfjs-backend-wasm-simd.wasm';

const esbuildProject = {
  tools: ['esbuild'],
  files: {
    'program.js': program,
    'wrapped.js': wrappedProgram,
    'page.js': `
      import { selectBackend } from '@maxent/backend';
      await selectBackend({ wasm: { tfjs: './${binary}' } });
      await import('./train.js');`,
    'train.js': program,
    'site/index.html': pageOf('./page.js'),
  },
  consumers: {
    'esbuild for Node, ES module': (project) => bundledForNode(project, 'program.js', 'esm', 'mjs'),
    'esbuild for Node, CommonJS': (project) => bundledForNode(project, 'wrapped.js', 'cjs', 'cjs'),
    'esbuild for Node, away from the packages': async (project) => {
      await bundleForNode(project, 'program.js', 'esm', 'mjs');
      const directory = mkdtempSync(join(tmpdir(), 'maxent-bundle-'));
      try {
        cpSync(project.path('esm'), directory, { recursive: true });
        return checkAnswer(await project.answer('node', join(directory, 'bundle.mjs')), 'wasm');
      } finally {
        rmSync(directory, { recursive: true, force: true });
      }
    },
    'esbuild page': async (project) => {
      await project.run('esbuild', 'page.js', '--bundle', '--format=esm', '--outdir=site');
      copyFileSync(project.resolve(`@maxent/backend/${binary}`), project.path('site', binary));
      return checkAnswer(await visitDirectory(project.path('site')), 'wasm');
    },
  },
};

/** Next to the packages, where the bundle finds the addon of the installed one. */
async function bundledForNode(project, entry, format, ending) {
  await bundleForNode(project, entry, format, ending);
  return checkAnswer(await project.answer('node', join(format, `bundle.${ending}`)), machineCode);
}

async function bundleForNode(project, entry, format, ending) {
  const outfile = join(format, `bundle.${ending}`);
  const argv = ['--bundle', '--platform=node', `--format=${format}`, `--outfile=${outfile}`];
  await project.run('esbuild', entry, ...argv);
  copyFileSync(project.resolve(`@maxent/backend/${binary}`), project.path(format, binary));
}

export const projects = [viteProject, webpackProject, esbuildProject];
