import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type WalkOptions, walkFolder } from '../../../src/extension/datasets/walkFolder.ts';

/** Folders are objects, files the number of their type. */
interface Tree {
  readonly [name: string]: Tree | number;
}

const file = 1;
const linkedFile = 65;
const linkedFolder = 66;

function optionsFor(tree: Tree, limits: { files?: number; folders?: number } = {}): WalkOptions<string> & { readonly listed: string[] } {
  const listed: string[] = [];
  return {
    listed,
    list: async (folder) => {
      listed.push(folder);
      let at: Tree | number | undefined = tree;
      for (const step of folder.split('/').filter((one) => one !== '')) at = typeof at === 'object' ? at[step] : undefined;
      if (typeof at !== 'object') throw new Error(`${folder} is no folder`);
      return Object.entries(at).map(([name, entry]) => [name, typeof entry === 'number' ? entry : 2] as const);
    },
    join: (folder, name) => (folder === '' ? name : `${folder}/${name}`),
    isWanted: (name) => name.endsWith('.json'),
    isSkipped: (name) => name === 'node_modules',
    isCancelled: () => false,
    folderLimit: limits.folders ?? 1000,
    fileLimit: limits.files ?? 1000,
  };
}

it('finds wanted files, the nearest first, and never follows a link to a folder', async () => {
  const tree = {
    deep: { deeper: { 'c.json': file } },
    'a.json': file,
    'b.json': linkedFile,
    'x.txt': file,
    node_modules: { 'no.json': file },
    circle: linkedFolder,
  };
  expect(await walkFolder('', optionsFor(tree))).toEqual(['a.json', 'b.json', 'deep/deeper/c.json']);
});

it('keeps to its limits, and passes over a folder that cannot be listed', async () => {
  const tree = { one: { '1.json': file }, two: { '2.json': file, '3.json': file } };
  expect(await walkFolder('', optionsFor(tree, { files: 2 }))).toEqual(['one/1.json', 'two/2.json']);
  const options = optionsFor(tree, { folders: 2 });
  expect(await walkFolder('', options)).toEqual(['one/1.json']);
  expect(options.listed).toEqual(['', 'one']);
  expect(await walkFolder('missing', optionsFor(tree))).toEqual([]);
  expect(await walkFolder('', { ...optionsFor(tree), isCancelled: () => true })).toEqual([]);
});

it('finds exactly the wanted files of any tree', async () => {
  const { tree } = fc.letrec<{ tree: Tree; entry: Tree | number }>((tie) => ({
    tree: fc.dictionary(fc.stringMatching(/^[a-c]{1,3}(\.json)?$/), tie('entry'), { maxKeys: 4 }),
    entry: fc.oneof({ depthSize: 'small' }, fc.constant(file), tie('tree')),
  }));
  const filesOf = (node: Tree, prefix: string): string[] =>
    Object.entries(node).flatMap(([name, entry]) =>
      typeof entry === 'number' ? (name.endsWith('.json') ? [prefix + name] : []) : filesOf(entry, `${prefix}${name}/`),
    );
  await fc.assert(
    fc.asyncProperty(tree, async (any) => {
      const found = await walkFolder('', optionsFor(any));
      expect([...found].sort()).toEqual(filesOf(any, '').sort());
    }),
  );
});
