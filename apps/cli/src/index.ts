export { defineConfig, type MaxentConfig } from './plugins/config.js';
