import { formatColumns } from '../../output/columns.js';
import { formatCounted } from '../../output/format-number.js';
import type { DoctorAnswer } from './answer.js';

/** The findings, row by row. */
export function formatDoctorAnswer(answer: DoctorAnswer): string {
  const { versions, machine, backends, backend, calibrations, selfCheck } = answer;
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
}
