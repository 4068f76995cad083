import type { PolicyDescription } from '@maxent/core';

/** The formats that a policy can be written in. */
export const FORMATS = ['policy', 'onnx', 'js'] as const;
export type Format = (typeof FORMATS)[number];

export interface FormatSupport {
  /** Why the format cannot express the policy; absent if it can. */
  readonly problem?: string;
  /** What the format leaves out, if anything. */
  readonly without?: string;
}

/** Whether a policy can be written in a format. Refusals, `maxent export --to` and its table all come from here. */
export function formatSupport(
  description: Pick<PolicyDescription, 'layers' | 'head' | 'task'>,
  format: Format,
): FormatSupport {
  if (format !== 'onnx') return {};
  const problem = onnxProblem(description);
  if (problem !== undefined) return { problem };
  if (description.task?.inferred) return { without: 'samples and infer(context); the task is an input' };
  return { without: description.task ? 'samples; the task is an input' : 'samples' };
}

/** Why a policy's deterministic action is not a function of the observation alone; undefined if it is. */
export function onnxProblem({ head }: Pick<PolicyDescription, 'head'>): string | undefined {
  if (head.type !== 'flow' || head.levels.every(({ every }) => every === 1)) return undefined;
  return 'a level of this hierarchy holds its latent for several steps, and an ONNX model remembers nothing; use policy or js';
}
