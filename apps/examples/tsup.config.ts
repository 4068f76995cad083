import { defineConfig } from 'tsup';

export default defineConfig({
  entry: {
    // One script per idea.
    vae: 'src/vae.ts',
    lottery: 'src/lottery.ts',
    robot: 'src/robot.ts',
  },
  format: 'esm',
  target: 'es2022',
  sourcemap: true,
  // Chunks' names change with their content; old ones must not stay. tsc writes types/.
  clean: ['!types'],
});
