export { DirectoryRunStorage, type DirectoryRunStorageOptions } from './directory-run-storage.js';
export { readRun, type StoredRun } from './read-run.js';
