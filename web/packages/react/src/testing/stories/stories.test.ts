import { expect, test } from 'vitest';
import * as library from '../../index.ts';
import type { Meta } from './types.ts';

type StoryFile = { default: Meta<object> } & Record<string, unknown>;

const files = import.meta.glob<StoryFile>('../../components/**/*.stories.tsx', { eager: true });
const modules = import.meta.glob('../../components/*/*.tsx');

const folderOf = (path: string) => path.split('/').at(-2);
const folders = (paths: readonly string[]) => [...new Set(paths.map(folderOf))].sort();

test('every folder of components has stories', () => {
  expect(folders(Object.keys(files))).toEqual(folders(Object.keys(modules)));
});

test('every component that apps can import has stories', () => {
  const told = new Set<unknown>(Object.values(files).map((file) => file.default.component));
  const components = Object.entries(library).filter(
    ([name, value]) => /^[A-Z][a-z]/.test(name) && typeof value === 'function',
  );
  const untold = components.filter(([, value]) => !told.has(value)).map(([name]) => name);
  // What only hands on a context, and errors, draw nothing.
  expect(untold.filter((name) => !/Provider$|Error$/.test(name))).toEqual([]);
});

test.each(Object.entries(files))('%s is called as its file and has a state', (path, file) => {
  const name = path.split('/').at(-1)?.replace('.stories.tsx', '');
  expect(file.default.title).toMatch(new RegExp(`^[A-Z][a-z]+/${name}$`));
  expect(Object.keys(file).length).toBeGreaterThan(1);
});
