import { defineConfig } from 'maxent';
import { plugin } from './src/index.js';

export default defineConfig({ plugins: [plugin] });
