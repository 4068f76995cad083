export * from '@maxent/library';
export { defineConfig, type MaxentConfig } from './plugins/config.js';
