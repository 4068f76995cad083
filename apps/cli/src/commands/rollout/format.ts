import { formatCounted, formatValue } from '../../output/format-number.js';
import type { RolloutAnswer } from './answer.js';

/** How long the episode was, its return and how it ended. */
export function formatRolloutAnswer({ rewards, terminated, truncated, infos }: RolloutAnswer): string {
  const total = rewards.reduce<number>((sum, reward) => sum + Number(reward), 0);
  const instability = infos.at(-1)?.instability;
  const unstable = instability === undefined ? '' : `, as the simulation became unstable (${instability})`;
  const ending = terminated.at(-1) ? ', terminated' : truncated.at(-1) ? `, truncated${unstable}` : '';
  return `${formatCounted(rewards.length, 'step')}, return ${formatValue(total)}${ending}; --json shows every step\n`;
}
