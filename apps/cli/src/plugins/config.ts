import type { Plugin } from '@maxent/core';

/** The default export of a `maxent.config.ts`, `.js` or `.mjs`. */
export interface MaxentConfig {
  readonly plugins?: readonly Plugin[];
}

/** Checks the types of a configuration and returns it: `export default defineConfig({ plugins: [mine] })`. */
export function defineConfig(config: MaxentConfig): MaxentConfig {
  return config;
}
