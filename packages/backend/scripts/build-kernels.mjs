// Produces src/kernels/generated: everything that is compiled rather than written.
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildGradients } from './build-gradients.mjs';

const packageDirectory = dirname(dirname(fileURLToPath(import.meta.url)));
const outputDirectory = join(packageDirectory, 'src/kernels/generated');
mkdirSync(outputDirectory, { recursive: true });

await buildGradients(join(outputDirectory, 'gradients.ts'));
