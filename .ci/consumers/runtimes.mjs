// Programs that run as they are: in Node, Bun and Deno, and the command line.
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { checkAnswer, commonJsProgram, machineCode, program, workersProgram } from './programs.mjs';

const files = { 'program.mjs': program, 'program.cjs': commonJsProgram, 'workers.mjs': workersProgram };

/** A release of Node as npm brings it. */
const nodePackage = `node-linux-${process.arch}`;

function nodeProject(release) {
  return {
    tools: [`${nodePackage}@${release}`],
    files,
    consumers: Object.fromEntries(
      [
        ['ES module', 'program.mjs'],
        ['CommonJS', 'program.cjs'],
        ['worker threads', 'workers.mjs'],
      ].map(([kind, file]) => [
        `Node ${release} ${kind}`,
        async (project) =>
          checkAnswer(
            await project.answer(project.path(`node_modules/${nodePackage}/bin/node`), file),
            machineCode,
          ),
      ]),
    ),
  };
}

export const projects = [
  // The oldest that is supported, and the newest with long-term support.
  nodeProject('20.19'),
  nodeProject('24'),
  {
    tools: ['bun@1', 'deno@2'],
    files,
    consumers: {
      Bun: async (project) => checkAnswer(await project.answer('bun', 'program.mjs'), machineCode),
      Deno: async (project) =>
        checkAnswer(await project.answer('deno', 'run', '--allow-all', 'program.mjs'), machineCode),
    },
  },
  {
    tools: ['three', 'esbuild'],
    files: {},
    consumers: {
      'every entry, alone and out of a bundle': async (project) => {
        cpSync(join(import.meta.dirname, 'import-entries.mjs'), project.path('import-entries.mjs'));
        await project.run('node', 'import-entries.mjs');
      },
      'the command line': async (project) => {
        const trained = await project.answer(
          'maxent',
          ...'train sac --env Pendulum-v1 --steps 100 --seed 1 --out run --json'.split(' '),
        );
        if (trained.steps !== 100) throw new Error(`expected 100 steps, got ${JSON.stringify(trained)}`);
        await project.run('maxent', ...'eval run --episodes 1 --seed 1 --json'.split(' '));
      },
    },
  },
];
