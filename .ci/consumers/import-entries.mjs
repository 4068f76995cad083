// Run in a folder where the packages and esbuild are installed: imports every entry that the exports of ours name, as
// it is and out of a bundle for Node, without a plugin or a banner.
import { readdirSync, readFileSync } from 'node:fs';
import { build } from 'esbuild';

for (const folder of readdirSync('node_modules/@maxent')) {
  const { name, exports } = JSON.parse(readFileSync(`node_modules/@maxent/${folder}/package.json`, 'utf8'));
  for (const [entry, target] of Object.entries(exports)) {
    if (typeof target === 'string') continue;
    const specifier = name + entry.slice(1);
    const count = Object.keys(await import(specifier)).length;
    if (count === 0) throw new Error(`${specifier} exports nothing`);
    await bundleAndImport(specifier, count);
    process.stdout.write(`${specifier}: ${count} exports\n`);
  }
}

async function bundleAndImport(specifier, count) {
  const outfile = `bundles/${specifier.replaceAll('/', '-')}.mjs`;
  await build({
    stdin: { contents: `export * from '${specifier}';`, resolveDir: '.' },
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'error',
  });
  const bundled = Object.keys(await import(new URL(outfile, import.meta.url))).length;
  if (bundled !== count) throw new Error(`${specifier} exports ${bundled} of ${count} names from a bundle`);
}
