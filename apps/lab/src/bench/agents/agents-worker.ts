import { writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { describeVersions, measuredKernels } from '../../machine.js';
import { type Kernels, useKernels } from '../kernel-choices.js';
import type { AgentsDescription, AgentsRequest } from './protocol.js';
import { Subject } from './subject.js';
import { type WorkloadName, workloads } from './workloads.js';

/** Our side of `lab bench agents`. Arguments: the workload's name and the kernels; see `protocol.ts`. */

const [workload, choice] = process.argv.slice(2) as [WorkloadName, Kernels];
const kernels = measuredKernels(await useKernels(choice));
const subject = await Subject.make(workloads[workload]);

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
