import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { inspectDataset } from '../../../src/engine/dataset/inspect.ts';
import { generateDataset } from '../../fixtures/generateDataset.mjs';
import { DatasetFolder } from './datasetFolder.ts';

/** Every opened file is flushed to disk several times: slow where many tests share one. */
vi.setConfig({ testTimeout: 60_000 });

let folder: DatasetFolder;
beforeEach(() => {
  folder = new DatasetFolder();
});
afterEach(() => folder[Symbol.dispose]());

test.each(['array', 'jsonl', 'concatenated'] as const)('what the generator plants is found: %s', async (format) => {
  const outFile = folder.at('data.json');
  const { records, instances, planted, sha256 } = await generateDataset({
    outFile,
    instances: 1500,
    format,
    plantDefects: 39,
    plantDuplicates: 20,
    profile: 'small',
  });
  const dataset = await folder.open(outFile);
  expect(dataset.summary.sha256).toBe(sha256);
  expect([dataset.records, dataset.instances]).toEqual([records, instances]);
  // Whether a line with a missing quote looks open or merely wrong depends on the quotes in its text.
  const openStrings = new Set(planted.defects.filter(({ kind }) => kind === 'openString').map(({ ordinal }) => ordinal));
  const name = (code: string, ordinal: number): string => (openStrings.has(ordinal) ? `broken ${ordinal}` : `${code} ${ordinal}`);
  const found = new Set(dataset.problems.map(({ code, ordinal }) => name(code, ordinal)));
  const expected = planted.defects.filter(({ code }) => !code.startsWith('image.')).map(({ code, ordinal }) => name(code, ordinal));
  expect([...found].sort()).toEqual([...new Set(expected)].sort());
  expect(await inspectDataset(dataset)).toMatchObject({ turns: planted.turns, withImage: planted.withImage, textOnly: planted.textOnly });
});
