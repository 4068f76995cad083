import { writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { selectBackend } from '@maxent/backend';
import { describeVersions, measuredKernels } from '../../machine.js';
import type { AgentsDescription, AgentsRequest } from './protocol.js';
import { Subject } from './subject.js';
import { type WorkloadName, workloads } from './workloads.js';

/** Our side of `lab bench agents`. The only argument names the workload; see `protocol.ts`. */

const kernels = measuredKernels(await selectBackend({ prefer: 'wasm' }));
const subject = await Subject.make(workloads[process.argv[2] as WorkloadName]);

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(reply(JSON.parse(line) as AgentsRequest))}\n`);
}

function reply(request: AgentsRequest): object {
  switch (request.command) {
    case 'describe':
      return { versions: describeVersions(), kernels } satisfies AgentsDescription;
    case 'exchange':
      writeFileSync(request.path, subject.exchanged());
      return {};
    case 'answer':
      return subject.answer(request.updates);
    case 'update':
      return subject.updateFor(request.seconds);
  }
}
