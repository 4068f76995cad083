export { ReplayBuffer, type ReplayBufferOptions, type ReplayRow } from './replay-buffer.js';
export { REPLAY_MEMORY_LIMIT, requireReplayMemory } from './replay-memory.js';
