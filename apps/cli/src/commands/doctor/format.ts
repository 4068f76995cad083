import { formatColumns } from '../../output/columns.js';
import { formatCounted } from '../../output/format-number.js';
import type { DoctorAnswer } from './answer.js';

/** The findings, row by row. */
export function formatDoctorAnswer(answer: DoctorAnswer): string {
  const { versions, machine, backends, backend, addon, calibrations, selfCheck } = answer;
  const { passed, relativeError, fusedGigaflops, composedGigaflops, kernels } = selfCheck;
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
    ['kernel addon', `${addon.available ? 'found' : 'not found'}: ${addon.reason}`],
    ['chosen', `${backend.name} ${backend.version}: ${backend.reason}`],
    ...calibrations.map((calibration): [string, string] => ['measured', calibrationLine(calibration)]),
    ...(backend.kernels === 'none' ? [] : [['kernels', kernelsLine(backend)] satisfies [string, string]]),
    ['own operations', backend.fused ? 'in use' : 'not in use'],
    [
      'self-check',
      `${passed ? 'passed' : 'FAILED'}: fused and composed products differ by ${relativeError.toExponential(1)}; ` +
        `${fusedGigaflops.toFixed(1)} and ${composedGigaflops.toFixed(1)} GFLOP/s`,
    ],
    ...(kernels === undefined ? [] : [['', comparisonLine(kernels)] satisfies [string, string]]),
  ];
  return `${formatColumns(rows, '')}\n`;
}

function calibrationLine({
  workload,
  milliseconds,
  chosen,
  kernels,
  threads,
}: DoctorAnswer['calibrations'][number]): string {
  const times = Object.entries(milliseconds).map(([name, value]) => `${value!.toFixed(1)} ms on ${name}`);
  const taken = chosen === 'wasm' && kernels === 'addon' ? 'the addon' : chosen;
  return `${workload}${threads === null ? '' : `, ${formatCounted(threads, 'thread')}`}: ${times.join(', ')} per update; auto takes ${taken}`;
}

function kernelsLine({ kernels, simd, rounding, threads = 1 }: DoctorAnswer['backend']): string {
  const source = kernels === 'addon' ? 'machine code (addon)' : 'WebAssembly';
  const rounded = rounding === 'fused' ? 'once' : 'twice';
  return `${source}, ${simd}, ${formatCounted(threads, 'thread')}; a multiply-add is rounded ${rounded} (${rounding})`;
}

function comparisonLine({
  addon,
  wasm,
  sameRounding,
  equal,
  relativeError,
}: NonNullable<DoctorAnswer['selfCheck']['kernels']>): string {
  const distance = equal ? 'give the same numbers' : `differ by ${relativeError.toExponential(1)}`;
  const expected = sameRounding ? 'rounded alike, they must be equal' : 'rounded otherwise, they may differ';
  return `${addon} (addon) and ${wasm} (WebAssembly) ${distance}: ${expected}`;
}
