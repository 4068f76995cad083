// Part of `pnpm check`, and `pnpm layers` by itself: which package imports which. Each imports only what stands beneath it
// in LAYERS, so nothing comes round in a circle; every arrow of LAYERS is one that the code needs; nothing reaches into
// another package past its exports; and the picture in CONTRIBUTING.md shows the code. `pnpm layers --write` draws it.
// Tests may import more.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

/** Every package after those that it imports; what stands beneath them it may import too. */
const LAYERS = {
  core: [],
  pgm: ['core'],
  policy: ['core'],
  backend: ['core'],
  envs: ['core'],
  replay: ['core'],
  training: ['core'],
  nn: ['backend'],
  distributions: ['backend'],
  'pgm/variational': ['nn', 'distributions'],
  mujoco: ['envs'],
  agents: ['nn', 'distributions', 'replay'],
  hierarchy: ['agents', 'envs', 'training'],
  meta: ['agents'],
  library: ['hierarchy', 'meta', 'mujoco', 'policy'],
  'browser-testing': [],
};
const root = fileURLToPath(new URL('..', import.meta.url));
const page = join(root, 'CONTRIBUTING.md');
const [START, END] = ['<!-- drawn by `pnpm layers --write` -->\n', '<!-- end of the picture -->'];
const problems = [];

/** The packages of a group, and the parts of them that have layers of their own. */
function directoriesOf(group) {
  return readdirSync(join(root, group), { withFileTypes: true })
    .filter(
      (entry) => entry.isDirectory() && readdirSync(join(root, group, entry.name)).includes('package.json'),
    )
    .map(({ name }) => ({ name, directory: join(root, group, name) }));
}

/** As somebody else would write them: nothing of ours but what is published. */
const foreign = ['examples/plugin', 'examples/diayn'];
const packages = directoriesOf('packages');
const apps = [
  ...directoriesOf('apps'),
  ...foreign.map((name) => ({ name, directory: join(root, 'apps', name) })),
];
const names = new Map(
  [...packages, ...apps].map(({ name, directory }) => [
    JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')).name,
    name,
  ]),
);

/** The layer that a module name such as `@maxent/pgm/variational` stands for; undefined for a foreign one. */
function layerOf(specifier) {
  const [scope, folder, ...rest] = specifier.split('/');
  const [name, entry] = scope.startsWith('@') ? [`${scope}/${folder}`, rest] : [scope, [folder, ...rest]];
  const own = names.get(name);
  if (own === undefined) return undefined;
  const part = `${own}/${entry.join('/')}`;
  return Object.hasOwn(LAYERS, part) ? part : own;
}

/** What each layer's sources import, by layer. */
const imports = new Map([...packages, ...apps].map(({ name }) => [name, new Set()]));
for (const { name, directory } of [...packages, ...apps]) {
  const source = join(directory, 'src');
  for (const file of readdirSync(source, { recursive: true })) {
    if (!/\.ts$/.test(file)) continue;
    const test = /\.test(-d)?\.ts$|(^|[/\\])test-support[/\\]/.test(file);
    const path = join(source, file);
    const part = `${name}/${file.split(sep)[0]}`;
    const layer = Object.hasOwn(LAYERS, part) ? part : name;
    for (const { fileName } of ts.preProcessFile(readFileSync(path, 'utf8'), true, true).importedFiles) {
      if (fileName.startsWith('.')) {
        const target = relative(directory, resolve(path, '..', fileName));
        if (target.startsWith('..') && (!test || foreign.includes(name)))
          problems.push(`${relative(root, path)} imports ${fileName}, which is in another package`);
        continue;
      }
      const target = layerOf(fileName);
      if (test || target === undefined || target === layer) continue;
      if (!imports.has(layer)) imports.set(layer, new Set());
      imports.get(layer).add(target);
    }
  }
}

/** Everything beneath a layer by arrows of LAYERS. */
function beneath(layer) {
  return new Set((LAYERS[layer] ?? []).flatMap((below) => [below, ...beneath(below)]));
}

const order = Object.keys(LAYERS);
for (const [layer, below] of Object.entries(LAYERS)) {
  for (const each of below) {
    if (!order.slice(0, order.indexOf(layer)).includes(each))
      problems.push(`LAYERS: ${each} must stand before ${layer}, which imports it`);
    if (!imports.get(layer)?.has(each)) problems.push(`LAYERS: ${layer} does not import ${each}`);
  }
}
const appNames = apps.map(({ name }) => name);
for (const [layer, targets] of imports) {
  if (!appNames.includes(layer) && !Object.hasOwn(LAYERS, layer)) problems.push(`LAYERS lacks ${layer}`);
  for (const target of targets) {
    if (appNames.includes(target)) problems.push(`${layer} imports ${target}, which is an app`);
    else if (!appNames.includes(layer) && !beneath(layer).has(target))
      problems.push(`${layer} imports ${target}, which does not stand beneath it`);
  }
}

/** Arrows of the code that no way over other packages stands for. */
function arrows() {
  const over = (from, to) => [...(imports.get(from) ?? [])].some((next) => next === to || over(next, to));
  return [...imports].flatMap(([from, targets]) =>
    [...targets]
      .filter((to) => ![...targets].some((other) => other !== to && over(other, to)))
      .map((to) => [from, to]),
  );
}

function draw() {
  const label = (name) => (appNames.includes(name) ? `apps/${name}` : name);
  const id = (name) => name.replace('/', '-');
  const drawn = arrows().sort((a, b) => a.join().localeCompare(b.join()));
  const nodes = [...new Set(drawn.flat())].sort();
  return [
    '```mermaid',
    'flowchart TD',
    ...nodes.map((name) => `  ${id(name)}["${label(name)}"]`),
    ...drawn.map(([from, to]) => `  ${id(from)} --> ${id(to)}`),
    '```',
    '',
  ].join('\n');
}

if (problems.length === 0) {
  const text = readFileSync(page, 'utf8');
  const [start, end] = [text.indexOf(START), text.indexOf(END)];
  if (start < 0 || end < start) problems.push(`CONTRIBUTING.md lacks ${START.trim()} or ${END}`);
  else {
    const current = text.slice(0, start + START.length) + draw() + text.slice(end);
    if (process.argv.includes('--write')) writeFileSync(page, current);
    else if (current !== text)
      problems.push(
        'the picture of the packages in CONTRIBUTING.md does not show the code: pnpm layers --write',
      );
  }
}
if (problems.length > 0) {
  process.stderr.write(`${problems.join('\n')}\n`);
  process.exit(1);
}
process.stdout.write('every arrow between packages points down\n');
