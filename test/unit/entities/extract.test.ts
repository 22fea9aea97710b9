import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Dataset } from '../../../src/engine/dataset/dataset.ts';
import {
  type EntityLists,
  type ListedPerspective,
  listedPerspectives,
  readRawLists,
  textReport,
} from '../../../src/engine/entities/entityLists.ts';
import { extractEntities } from '../../../src/engine/entities/extract.ts';
import { loadPerspective } from '../../../src/engine/entities/loadPerspective.ts';
import { obtainEntityLists } from '../../../src/engine/entities/obtainEntityLists.ts';
import { obtainReverseIndex } from '../../../src/engine/entities/reverseIndex.ts';
import { emptyStopList } from '../../../src/engine/entities/stopList.ts';
import { TurnAnalyzer } from '../../../src/engine/entities/turnAnalyzer.ts';
import { bundleWorker, type ExtractorParts, makeExtractorParts } from './extractorParts.ts';
import { llavaRecord, type TestJob, type TestRecord, temporaryFolder, testJob, writeDataset } from './testDataset.ts';

let parts: ExtractorParts;
let workerScript: string;
const shared = temporaryFolder();
beforeAll(async () => {
  parts = await makeExtractorParts();
  workerScript = await bundleWorker(shared.path);
}, 60_000);
afterAll(() => {
  parts[Symbol.dispose]();
  shared[Symbol.dispose]();
});

const things = ['dog', 'cat', 'fire hydrant', 'table', 'red car', 'traffic light', 'boat', 'Kaplan hat', 'umbrella', '猫'];

/** Records enough for several shards (256 KiB each) and for workers. */
function records(count: number): (TestRecord | undefined)[] {
  return Array.from({ length: count }, (_, i) => {
    if (i % 97 === 13) return undefined;
    const thing = (k: number): string => things[(i * 7 + k * k) % things.length] ?? '';
    return llavaRecord(
      `<image>\nWhat ${i % 3 === 0 ? 'color' : 'kind of thing'} is the ${thing(1)} number x${i % 50}?`,
      `It is a ${thing(2)} next to the ${thing(3)}. ${'The image features a large room with many chairs. '.repeat(i % 9)}`,
      i % 2 === 0 ? 'Is there a bench?' : 'Describe the scene.',
      'Yes',
    );
  });
}

function run(dataset: Dataset, job: TestJob): Promise<EntityLists> {
  return extractEntities({ dataset, workerScript, lexiconPath: parts.lexiconPath, job });
}

function folderBytes(folder: string): Record<string, string> {
  const names = readdirSync(folder).filter((name) => name !== 'done.json'); // holds the seconds
  return Object.fromEntries(names.sort().map((name) => [name, readFileSync(join(folder, name)).toString('base64')]));
}

async function rowsOf(lists: EntityLists, perspective: ListedPerspective): Promise<string[][]> {
  const { names, rowOffsets, rowEntities } = await readRawLists(lists.artifact.folder, perspective);
  return Array.from({ length: rowOffsets.length - 1 }, (_, x) =>
    [...rowEntities.subarray(rowOffsets[x], rowOffsets[x + 1])].map((id) => names.at(id)),
  );
}

describe('extractEntities', () => {
  it('lists what a turn-by-turn reading finds, distinct, in order of first mention; broken records are empty', async () => {
    using folder = temporaryFolder();
    const all = records(120);
    const lists = await run(writeDataset(folder.path, all), testJob());
    const analyzer = new TurnAnalyzer(parts.lexicon);
    for (const perspective of listedPerspectives) {
      const expected = all.map((record) => [
        ...new Set(
          (record?.conversations ?? []).flatMap((turn) => analyzer.analyze(turn.value, turn.from === 'human', new Map())[perspective]),
        ),
      ]);
      expect(await rowsOf(lists, perspective)).toEqual(expected);
    }
  });

  it('never joins words across turns', async () => {
    using folder = temporaryFolder();
    const dataset = writeDataset(folder.path, [llavaRecord('Who wears the Kaplan', 'hat', 'fire', 'hydrant', 'What is the ball', 'which')]);
    const lists = await run(dataset, testJob());
    expect(await rowsOf(lists, 'token')).toEqual([['Kaplan', 'hat', 'fire', 'hydrant', 'ball']]);
    expect(await rowsOf(lists, 'object')).toEqual([['hat', 'fire', 'hydrant', 'ball']]);
  });

  it('gives the same bytes inline, with one worker and with two, and reports every instance', async () => {
    const all = records(2400);
    const results: Record<string, string>[] = [];
    for (const threads of [1, 2]) {
      using folder = temporaryFolder();
      const job = testJob(threads);
      const dataset = writeDataset(folder.path, all);
      const lists = await run(dataset, job);
      expect(lists.artifact.reused).toBe(false);
      expect(job.progress.at(-1)).toEqual({ stage: 'extract', done: 2400, total: 2400, unit: 'instances', reused: false });
      results.push(folderBytes(lists.artifact.folder));
      expect((await run(dataset, testJob(threads))).artifact.reused).toBe(true);
    }
    expect(results[1]).toEqual(results[0]);

    using folder = temporaryFolder(); // the first 250 records alone are few enough to run inline
    const inline = await run(writeDataset(folder.path, all.slice(0, 250)), testJob());
    using other = temporaryFolder();
    const inWorkers = await run(writeDataset(other.path, all), testJob(2));
    for (const perspective of listedPerspectives)
      expect(await rowsOf(inline, perspective)).toEqual((await rowsOf(inWorkers, perspective)).slice(0, 250));
  }, 60_000);

  it('gives every instance the same entities when the records are shuffled', async () => {
    const all = records(600);
    const order = all.map((_, i) => (i * 367 + 11) % all.length);
    using folder = temporaryFolder();
    using other = temporaryFolder();
    const straight = await run(writeDataset(folder.path, all), testJob(2));
    const shuffled = await run(
      writeDataset(
        other.path,
        order.map((i) => all[i]),
      ),
      testJob(1),
    );
    for (const perspective of listedPerspectives) {
      const rows = await rowsOf(straight, perspective);
      expect(await rowsOf(shuffled, perspective)).toEqual(order.map((i) => rows[i]));
    }
  }, 60_000);

  it('resumes: finished shards are used again, the result is the same', async () => {
    const all = records(2400);
    using folder = temporaryFolder();
    const dataset = writeDataset(folder.path, all);
    const job = testJob(1);
    // Cancelled after its first shard, as a kill would leave it.
    const stopped = extractEntities({ dataset, workerScript, lexiconPath: parts.lexiconPath, job: { ...job, report: () => job.cancel() } });
    await expect(stopped).rejects.toMatchObject({ code: 'run.cancelled' });
    const artifacts = join(dataset.runDir, 'artifacts');
    const partial = readdirSync(artifacts).find((name) => name.endsWith('.partial')) ?? '';
    const shards = join(artifacts, partial, 'shards');
    const finished = readdirSync(shards).filter((name) => name.endsWith('.bin'));
    expect(finished.length).toBeGreaterThan(0);
    const before = finished.map((name) => statSync(join(shards, name)).mtimeMs);
    // A shard that a kill cut short lies under a temporary name only.
    writeFileSync(join(shards, '.shard-00099.bin.1-abcd.ballast-tmp'), 'half');
    const seen: number[] = [];
    const again = await extractEntities({
      dataset,
      workerScript,
      lexiconPath: parts.lexiconPath,
      job: {
        ...testJob(2),
        report: ({ done }) => {
          if (seen.length === 0) expect(finished.map((name) => statSync(join(shards, name)).mtimeMs)).toEqual(before);
          seen.push(done);
        },
      },
    });
    expect(seen[0]).toBeGreaterThan(all.length / 10); // the finished ones count from the start
    using fresh = temporaryFolder();
    expect(folderBytes(again.artifact.folder)).toEqual(folderBytes((await run(writeDataset(fresh.path, all), testJob(2))).artifact.folder));
  }, 60_000);

  it('counts text in unknown scripts', async () => {
    using folder = temporaryFolder();
    const dataset = writeDataset(folder.path, [llavaRecord('What is 猫?', 'кошка'), llavaRecord('cat', 'dog'), llavaRecord('犬', '😀')]);
    expect(await textReport(await run(dataset, testJob()))).toEqual({
      units: 10 + 5 + 6 + 1 + 2,
      unknownScriptUnits: 7,
      unknownScriptInstances: 2,
      scripts: { Cyrillic: 5, Han: 2 },
    });
  });

  it('cleans and indexes: no placeholder, role word, boilerplate or glued word is left', async () => {
    using folder = temporaryFolder();
    const dataset = writeDataset(folder.path, [
      llavaRecord('<image>\nUSER: What is in the image?', 'A Dog and a cat. The user and a KaplanWhat'),
      llavaRecord('Dogs?', 'The Kaplan and the DOG'),
    ]);
    const job = testJob();
    const { lists, from } = await obtainEntityLists({
      dataset,
      workerScript,
      lexiconPath: parts.lexiconPath,
      perspectives: ['token', 'cooccurrence'],
      job,
    });
    expect(from).toBe('extracted');
    const index = await obtainReverseIndex({
      runDir: dataset.runDir,
      lists,
      perspectives: ['token', 'cooccurrence'],
      stopList: emptyStopList,
      minFrequency: 1,
      job,
    });
    const artifact = index.get('token');
    if (!artifact) throw new Error('no index');
    const token = await loadPerspective(artifact);
    expect(Array.from({ length: token.entities }, (_, id) => [token.nameOf(id), token.frequency[id]])).toEqual([
      ['dog', 2],
      ['kaplan', 2],
      ['cat', 1],
    ]);
  });

  it('extracts the perspectives that an import does not name', async () => {
    using folder = temporaryFolder();
    const dataset = writeDataset(folder.path, [llavaRecord('Where is the cat?', 'On the table'), llavaRecord('What color is the dog?')]);
    const importPath = join(folder.path, 'mine.jsonl');
    writeFileSync(importPath, '{"ordinal":1,"object":["unicorn"]}\n');
    const { lists, from } = await obtainEntityLists({
      dataset,
      workerScript,
      lexiconPath: parts.lexiconPath,
      perspectives: ['token', 'object', 'interrogation'],
      importPath,
      job: testJob(),
    });
    expect(from).toBe('imported and extracted');
    expect([...lists].map(([perspective, { source }]) => [perspective, source])).toEqual([
      ['token', 'extracted'],
      ['object', 'imported'],
      ['interrogation', 'extracted'],
    ]);
    const object = lists.get('object');
    if (!object) throw new Error('no object lists');
    expect(await rowsOf(object, 'object')).toEqual([[], ['unicorn']]);
  });

  it('extracts again when the lexicon changes', async () => {
    using folder = temporaryFolder();
    const dataset = writeDataset(folder.path, [llavaRecord('the zorbulon')]);
    mkdirSync(join(folder.path, 'lexicon'));
    const userLexiconPath = join(folder.path, 'lexicon', 'mine.txt');
    writeFileSync(userLexiconPath, 'zorbulon\n');
    const plain = await run(dataset, testJob());
    const own = await extractEntities({ dataset, workerScript, lexiconPath: parts.lexiconPath, userLexiconPath, job: testJob() });
    expect(await rowsOf(plain, 'object')).toEqual([[]]);
    expect(await rowsOf(own, 'object')).toEqual([['zorbulon']]);
    rmSync(userLexiconPath);
  });
});
