import { describeMachine } from '@maxent/library/runs';
import * as z from 'zod';
import { backendOption, kernelsOption, threadsOption } from '../../arguments/options.js';
import { exitCodes } from '../../errors/exit-codes.js';
import { version } from '../../version.js';
import { defineCommand } from '../command.js';
import { doctorAnswer } from './answer.js';
import { formatDoctorAnswer } from './format.js';

/** `maxent doctor`: which backends were found, which was chosen and why, and whether it computes correctly. */
export const doctor = defineCommand({
  input: z.object({ backend: backendOption, kernels: kernelsOption, threads: threadsOption }),
  positionals: [],
  answer: doctorAnswer,
  run: async (input) => {
    const { describeAddon, selectBackend, storedCalibrations } = await import('@maxent/backend');
    const { typicalWorkload } = await import('./typical-workload.js');
    const { checkProduct } = await import('./self-check.js');
    const { candidates, ...backend } = await selectBackend({
      prefer: input.backend,
      askedBy: '--backend',
      kernels: input.kernels,
      threads: input.threads,
      workload: typicalWorkload(),
    });
    const addon = describeAddon();
    const product = checkProduct();
    const { compareKernels } = await import('./compare-kernels.js');
    const compared = backend.name === 'wasm' && addon.available && (await compareKernels(input.threads));
    const answer = {
      versions: { maxent: version, node: process.versions.node, v8: process.versions.v8 },
      machine: describeMachine(),
      backends: candidates.map((candidate) => ({ ...candidate })),
      backend,
      addon: { ...addon },
      calibrations: storedCalibrations(),
      selfCheck: compared
        ? { ...product, passed: product.passed && compared.passed, kernels: compared.kernels }
        : product,
    };
    return {
      answer,
      text: () => formatDoctorAnswer(answer),
      exitCode: answer.selfCheck.passed ? exitCodes.success : exitCodes.failure,
    };
  },
});
