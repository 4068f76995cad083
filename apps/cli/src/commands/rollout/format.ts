import { formatCounted, formatValue } from '../../output/format-number.js';
import type { RolloutAnswer } from './answer.js';

/** How long the episode was, its return and how it ended. */
export function formatRolloutAnswer({ rewards, terminated, truncated }: RolloutAnswer): string {
  const total = rewards.reduce<number>((sum, reward) => sum + Number(reward), 0);
  const ending = terminated.at(-1) ? ', terminated' : truncated.at(-1) ? ', truncated' : '';
  return `${formatCounted(rewards.length, 'step')}, return ${formatValue(total)}${ending}; --json shows every step\n`;
}
