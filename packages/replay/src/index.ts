export { ReplayBuffer, type ReplayBufferOptions, type ReplayRow } from './replay-buffer.js';
