// Run in a folder where the packages are installed: imports every entry that the exports of ours name.
import { readdirSync, readFileSync } from 'node:fs';

for (const folder of readdirSync('node_modules/@maxent')) {
  const { name, exports } = JSON.parse(readFileSync(`node_modules/@maxent/${folder}/package.json`, 'utf8'));
  for (const [entry, target] of Object.entries(exports)) {
    if (typeof target === 'string') continue;
    const specifier = name + entry.slice(1);
    const count = Object.keys(await import(specifier)).length;
    if (count === 0) throw new Error(`${specifier} exports nothing`);
    process.stdout.write(`${specifier}: ${count} exports\n`);
  }
}
