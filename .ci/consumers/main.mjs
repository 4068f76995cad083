// The packages as others install and use them: packs them, installs the tarballs with npm into empty folders, and trains an
// agent, exports its policy, loads it and acts in each kind of program. Needs `pnpm build:packed` before, and Chromium.
// As a program: node .ci/consumers/main.mjs [PART OF A NAME ...]
// Prints a line for each consumer, with the kernels that it ran, and, in the last line, {"passed":N,"failed":[NAME, ...]} as JSON.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packAll } from '../pack.mjs';
import { projects as bundlers } from './bundlers.mjs';
import { Project } from './project.mjs';
import { projects as runtimes } from './runtimes.mjs';
import { projects as typescript } from './typescript.mjs';

const parts = process.argv.slice(2);
const isWanted = (name) => parts.length === 0 || parts.some((part) => name.includes(part));
const print = (line) => process.stdout.write(`${line}\n`);

const work = mkdtempSync(join(tmpdir(), 'maxent-consumers-'));
let passed = 0;
const failed = [];
try {
  const tarballs = packAll(join(work, 'tarballs')).map(({ tarball }) => tarball);
  for (const { tools, files, consumers } of [...runtimes, ...typescript, ...bundlers]) {
    const wanted = Object.entries(consumers).filter(([name]) => isWanted(name));
    if (wanted.length === 0) continue;
    const directory = mkdtempSync(join(work, 'project-'));
    const installing = Project.create(directory, tarballs, tools);
    for (const [name, consume] of wanted) {
      const start = performance.now();
      try {
        const project = await installing;
        project.write(files);
        const kernels = await consume(project);
        passed++;
        print(
          `ok ${name}${kernels === undefined ? '' : `, ${kernels}`} (${((performance.now() - start) / 1000).toFixed(0)} s)`,
        );
      } catch (error) {
        failed.push(name);
        print(`failed ${name}: ${error.message}`);
      }
    }
    rmSync(directory, { recursive: true, force: true });
  }
} finally {
  rmSync(work, { recursive: true, force: true });
}
if (passed + failed.length === 0) throw new Error(`no consumer's name has ${parts.join(' or ')} in it`);
print(JSON.stringify({ passed, failed }));
if (failed.length > 0) process.exitCode = 1;
