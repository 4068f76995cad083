// pnpm native:install: tfjs-node's own installation, which downloads TensorFlow's C library (about 400 MB unpacked) and
// the addon. pnpm-workspace.yaml keeps it from running by itself.
import { delimiter, join } from 'node:path';
import { checkThatItLoads, nativeDirectory, run } from './native-package.mjs';

const directory = nativeDirectory();
const tools = [join(directory, 'node_modules/.bin'), join(directory, '../../.bin')];
run(process.execPath, ['scripts/install.js'], {
  cwd: directory,
  env: { ...process.env, PATH: [...tools, process.env.PATH].join(delimiter) },
  explanation:
    'if the download is blocked, pnpm native:link --from DIR builds the addon for a TensorFlow that is already on this ' +
    'machine (packages/backend/README.md says where to get one)',
});
checkThatItLoads(directory);
