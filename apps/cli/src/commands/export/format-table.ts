import { selectBackend } from '@maxent/backend';
import {
  type AgentDefinition,
  Box,
  createAgent,
  Discrete,
  isMaxentError,
  type PolicyDescription,
  parseUnknown,
  type Registry,
  Rng,
} from '@maxent/core';
import { encodePolicy } from '@maxent/policy';
import { FORMATS, formatSupport } from '@maxent/policy/export';

interface Row {
  readonly agent: string;
  readonly policy: string;
  readonly onnx: string;
  readonly js: string;
}

const numbers = new Box({ low: -1, high: 1, shape: [2] });
const choices = new Discrete(2);
/** Tried in this order; the first one that an agent takes is used. */
const SPACES = [
  { observationSpace: numbers, actionSpace: numbers },
  { observationSpace: numbers, actionSpace: choices },
  { observationSpace: choices, actionSpace: choices },
];

/** The formats in which every agent's policy can be written, found by asking a new agent for its policy. */
export async function formatTable(registry: Registry): Promise<Row[]> {
  await selectBackend();
  const rows: Row[] = [];
  for (const definition of registry.agents) {
    const description = await describe(definition);
    const words = FORMATS.map((format) => {
      if (typeof description === 'string') return [format, `no: ${description}`];
      const { problem, without } = formatSupport(description, format);
      if (problem !== undefined) return [format, `no: ${problem}`];
      return [format, without === undefined ? 'yes' : `yes, without ${without}`];
    });
    rows.push({ agent: definition.name, ...Object.fromEntries(words) });
  }
  return rows;
}

/** The policy of a new agent, or why there is none. */
async function describe(definition: AgentDefinition): Promise<PolicyDescription | string> {
  for (const spaces of SPACES) {
    try {
      const context = { ...spaces, rng: Rng.fromSeed(1), tasks: [[0], [1]] };
      const agent = await createAgent(definition, context, parseUnknown(definition.config, {}));
      try {
        const description = agent.describePolicy?.();
        if (description !== undefined) encodePolicy(description);
        return description ?? 'it has no describePolicy';
      } finally {
        agent.dispose();
      }
    } catch (error) {
      if (isMaxentError(error, 'INVALID_INPUT') && error.field === 'description') return error.message;
      if (!isMaxentError(error, 'SPACE_MISMATCH')) throw error;
    }
  }
  return 'it takes neither a Box nor a Discrete space';
}
