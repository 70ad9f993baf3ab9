// Removes the folders named as arguments, so that a build never carries files of an older one.
import { rm } from 'node:fs/promises';

for (const folder of process.argv.slice(2)) await rm(folder, { recursive: true, force: true });
