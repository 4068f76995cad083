import type { Plugin } from '@maxent/core';

/** What a `maxent.config.ts`, `.js` or `.mjs` exports as its default. */
export interface MaxentConfig {
  readonly plugins?: readonly Plugin[];
}

/** Checks the types of a configuration and returns it: `export default defineConfig({ plugins: [mine] })`. */
export function defineConfig(config: MaxentConfig): MaxentConfig {
  return config;
}
