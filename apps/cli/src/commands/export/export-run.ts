import { writeFile } from 'node:fs/promises';
import { type BackendName, type KernelChoice, selectBackend } from '@maxent/backend';
import { InvalidInputError, type PolicyDescription } from '@maxent/core';
import { readLevelsBelow, readTopRun } from '@maxent/hierarchy/node';
import { completeRunConfig, storedPolicy } from '@maxent/library/runs';
import { encodePolicy } from '@maxent/policy';
import { type Format, formatSupport, toJavaScript, toOnnx } from '@maxent/policy/export';
import { resolvePath } from '../../process/paths.js';
import { actingCheckpoint } from '../../runs/acting-checkpoint.js';
import { pluginRun } from '../../runs/plugin-run.js';
import type { CommandContext } from '../command.js';
import type { ExportAnswer } from './answer.js';

export interface ExportRunOptions {
  /** The directory of a run or hierarchy as the caller gave it. */
  readonly runDir: string;
  readonly to: Format;
  readonly out: string;
  /** `best`, `newest` (the default) or a step. */
  readonly checkpoint?: string | undefined;
  readonly backend?: BackendName | 'auto' | undefined;
  readonly kernels?: KernelChoice | undefined;
}

/**
 * Writes the policy of a run, or of all levels of a hierarchy, as a file. Throws InvalidInputError if the format cannot
 * express the policy.
 */
export async function exportRun(
  { runDir, to, out, checkpoint, backend, kernels }: ExportRunOptions,
  { io, runPlugins }: CommandContext,
): Promise<ExportAnswer> {
  const run = await readTopRun(resolvePath(io, runDir));
  const stored = await actingCheckpoint(io, run, { runDir, checkpoint });
  const { registry } = await runPlugins({ runs: [pluginRun(run)] });
  await selectBackend({ prefer: backend, askedBy: '--backend', kernels });
  const config = completeRunConfig(run.config, registry);
  const below = await readLevelsBelow(run.directory, config);
  let description: PolicyDescription;
  try {
    description = await storedPolicy({ registry, config, checkpoint: stored, below });
  } finally {
    below?.dispose();
  }
  const { problem, without } = formatSupport(description, to);
  if (problem !== undefined) throw new InvalidInputError('--to', `${to}: ${problem}`);
  if (without !== undefined) io.writeError(`note: ${to} leaves out ${without}\n`);
  const policy = encodePolicy(description);
  const file =
    to === 'policy' ? policy : to === 'onnx' ? toOnnx(policy) : Buffer.from(await toJavaScript(policy));
  await writeFile(resolvePath(io, out), file);
  return { out, format: to, agent: description.agent, step: stored.step, bytes: file.byteLength };
}
