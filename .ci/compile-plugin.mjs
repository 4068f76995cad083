// A plugin of somebody else's: compiled against the packed packages, packed itself, and used from its tarball.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compile } from './compile-declarations.mjs';

const source = fileURLToPath(new URL('plugin', import.meta.url));

/**
 * Compiles the plugin and a program that uses it, where `compileDeclarations` has laid out the packages. Names and types
 * that the plugin adds must reach the program through its declarations. Returns the errors.
 */
export function compilePlugin(work) {
  const plugin = join(work, 'plugin');
  mkdirSync(plugin);
  for (const file of ['package.json', 'index.ts']) cpSync(join(source, file), join(plugin, file));
  const errors = compile(plugin, { files: ['index.ts'], options: { declaration: true, outDir: 'dist' } });

  const argv = ['pack', '--json', '--ignore-scripts', '--pack-destination', work];
  const [{ filename }] = JSON.parse(execFileSync('npm', argv, { cwd: plugin, encoding: 'utf8' }));
  const unpacked = join(work, 'node_modules/maxent-plugin-corridor');
  mkdirSync(unpacked);
  execFileSync('tar', ['xzf', join(work, filename), '-C', unpacked, '--strip-components=1']);

  cpSync(join(source, 'consumer.ts'), join(work, 'consumer.mts'));
  for (const resolution of [{ module: 'NodeNext' }, { module: 'ESNext', moduleResolution: 'Bundler' }]) {
    errors.push(...compile(work, { files: ['consumer.mts'], types: ['node'], options: resolution }));
  }
  return errors;
}
