import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { InvalidInputError } from '@maxent/core';
import { loadKernels } from '@maxent/pgm/kernels';
import { versionOf } from '../../machine.js';
import { type Problem, problems } from './problems.js';
import type { InnerLoops, PgmRequest, ProblemName } from './protocol.js';

/** Our side of `lab bench pgm`. The arguments name the problem and the inner loops; see `protocol.ts`. */

const make = problems[process.argv[2] as ProblemName];
const loops = process.argv[3] as InnerLoops;
if (loops !== 'plain') await loadKernels({ kernels: loops === 'wasm' ? 'wasm' : 'auto' });
let problem: Problem | undefined;

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(reply(JSON.parse(line) as PgmRequest))}\n`);
}

function reply(request: PgmRequest): object {
  switch (request.command) {
    case 'describe':
      return {
        versions: {
          node: process.versions.node,
          v8: process.versions.v8,
          '@maxent/pgm': versionOf('@maxent/pgm'),
        },
      };
    case 'make':
      // Releases the old one first: two of the largest problems need not be in memory at once.
      problem = undefined;
      problem = make(request.size);
      // What was left from making it must not be collected while it is measured.
      globalThis.gc!();
      return problem.size;
    case 'exchange':
      for (const [name, array] of Object.entries(made().arrays)) {
        writeFileSync(
          join(request.directory, `${name}.${array instanceof Float64Array ? 'f64' : 'u32'}`),
          array,
        );
      }
      return {};
    case 'work': {
      const work = made().works[request.work]!;
      const start = performance.now();
      for (let i = 0; i < request.count; i++) work();
      return { seconds: (performance.now() - start) / 1000 };
    }
    case 'answer':
      writeFileSync(request.path, made().answer());
      return {};
    case 'memory':
      return { peakBytes: process.resourceUsage().maxRSS * 1024 };
  }
}

function made(): Problem {
  if (problem === undefined) throw new InvalidInputError('command', 'expected "make" before any other');
  return problem;
}
