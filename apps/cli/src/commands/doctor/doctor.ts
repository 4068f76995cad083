import { z } from 'zod';
import { backendOption, threadsOption } from '../../arguments/options.js';
import { exitCodes } from '../../errors/exit-codes.js';
import { formatColumns } from '../../output/columns.js';
import { formatCounted } from '../../output/format-number.js';
import { describeMachine } from '../../runs/machine.js';
import { version } from '../../version.js';
import { defineCommand } from '../command.js';
import { doctorAnswer } from './answer.js';

/** `maxent doctor`: which backends were found, which was chosen and why, and whether it computes correctly. */
export const doctor = defineCommand({
  input: z.object({ backend: backendOption, threads: threadsOption }),
  positionals: [],
  answer: doctorAnswer,
  run: async (input) => {
    const { selectBackend, storedCalibrations } = await import('@maxent/backend');
    const { typicalWorkload } = await import('./typical-workload.js');
    const { checkKernels } = await import('./self-check.js');
    const { candidates, ...backend } = await selectBackend({
      prefer: input.backend,
      askedBy: '--backend',
      threads: input.threads,
      workload: typicalWorkload(),
    });
    const answer = {
      versions: { maxent: version, node: process.versions.node, v8: process.versions.v8 },
      machine: describeMachine(),
      backends: candidates.map((candidate) => ({ ...candidate })),
      backend,
      calibrations: storedCalibrations(),
      selfCheck: checkKernels(),
    };
    return { answer, exitCode: answer.selfCheck.passed ? exitCodes.success : exitCodes.failure };
  },
  format: ({ versions, machine, backends, backend, calibrations, selfCheck }) => {
    const { passed, relativeError, fusedGigaflops, composedGigaflops } = selfCheck;
    const rows: [string, string][] = [
      ...Object.entries(versions),
      [
        'machine',
        `${machine.operatingSystem}, ${formatCounted(machine.cores, 'core')}, ${machine.memoryGiB} GiB`,
      ],
      ['processor', machine.processor],
      ...backends.map(({ name, available, reason }): [string, string] => [
        `backend ${name}`,
        `${available ? 'found' : 'not found'}: ${reason}`,
      ]),
      ['chosen', `${backend.name} ${backend.version}: ${backend.reason}`],
      ...calibrations.map(({ workload, milliseconds, chosen, threads }): [string, string] => [
        'measured',
        `${workload}${threads === null ? '' : `, ${formatCounted(threads, 'thread')}`}: ${milliseconds.native.toFixed(1)} ms on native, ` +
          `${milliseconds.wasm.toFixed(1)} ms on wasm per update; auto takes ${chosen}`,
      ]),
      ['vector instructions', backend.simd],
      ['own operations', backend.fused ? 'in use' : 'not in use'],
      [
        'self-check',
        `${passed ? 'passed' : 'FAILED'}: fused and composed products differ by ${relativeError.toExponential(1)}; ` +
          `${fusedGigaflops.toFixed(1)} and ${composedGigaflops.toFixed(1)} GFLOP/s`,
      ],
    ];
    return `${formatColumns(rows, '')}\n`;
  },
});
