import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { FeatureLayout } from '../../protocol/clustering.ts';
import type { Dataset } from '../dataset/dataset.ts';
import { usableOrdinals } from '../dataset/usableOrdinals.ts';
import { EngineError } from '../jobs/engineError.ts';
import { type JobContext, throwIfCancelled } from '../jobs/jobContext.ts';
import { type ArrayFile, halfToDouble, openArrayFile } from '../runs/arrayFile.ts';
import { hashOf, obtainArtifact } from '../runs/artifacts.ts';
import { writeFileAtomic } from '../runs/atomicFile.ts';
import { readJson } from '../runs/npy.ts';
import { MagnitudeHistogram } from './clip.ts';
import { assertOrigin } from './exportFeatures.ts';
import type { FeatureShard, Features } from './featureMatrix.ts';

/** Changes whenever the same file would give other features. */
const version = 1;
const blockBytes = 8 * 1024 * 1024;

interface ImportFacts {
  readonly clip: number;
}

/**
 * Features from a `.npy` file with one row per position of the dataset, or one per instance. The rows stay in the file.
 * @throws EngineError `arrays.invalid`
 */
export async function importFeatures(
  path: string,
  layout: FeatureLayout | undefined,
  dataset: Dataset,
  job: JobContext,
): Promise<Features> {
  const file = await openArrayFile(path, { option: 'features', descriptors: ['<f2', '<f4'], dimensions: 2 }, job);
  const fail = (why: string): never => {
    throw new EngineError('arrays.invalid', `${path} ${why}`, { path });
  };
  const [rows = 0, dimensions = 0] = file.shape;
  const { records, instances } = dataset;
  if (rows !== records && rows !== instances) {
    const positions = records === instances ? '' : ` at ${records} positions`;
    fail(`has ${rows} rows, but ${dataset.path} has ${instances} instances${positions}. Was it made from another dataset?`);
  }
  if (dimensions === 0) fail('has rows without values.');
  if (layout && 2 * layout.layers * layout.half !== dimensions)
    fail(`has ${dimensions} values per row, but --layout ${layout.layers}x${layout.half} means ${2 * layout.layers * layout.half}.`);
  await assertOrigin(path, file.sha256, dataset);
  const ordinals = usableOrdinals(dataset);
  const isPerRecord = rows === records && records !== instances;
  const artifact = await obtainArtifact(dataset.runDir, {
    stage: 'features',
    inputHash: hashOf([dataset.identity, file.sha256]),
    parameters: { version, provider: 'file', isPerRecord },
    job,
    build: async (folder) => {
      const facts: ImportFacts = { clip: await scan(file, isPerRecord ? undefined : ordinals, job) };
      await writeFileAtomic(join(folder, 'features.json'), `${JSON.stringify(facts)}\n`);
    },
  });
  const { clip } = await readJson<ImportFacts>(join(artifact.folder, 'features.json'));
  return {
    matrix: {
      rows: instances,
      dimensions,
      dtype: file.descriptor === '<f2' ? 'float16' : 'float32',
      shards: isPerRecord ? runsOf(ordinals, file) : [{ path, firstRow: 0, rows, dataOffset: file.dataOffset }],
      ordinals: records === instances ? undefined : ordinals,
      layout,
      clip,
      identity: hashOf([artifact.inputHash, artifact.parameterHash]),
    },
    provider: 'file',
    model: path,
    artifact,
    path,
    sha256: file.sha256,
  };
}

/** Rows of the instances inside a file that has rows for broken records too: one shard per run of instances. */
function runsOf(ordinals: Uint32Array, { path, dataOffset, shape, descriptor }: ArrayFile): FeatureShard[] {
  const rowBytes = (shape[1] as number) * (descriptor === '<f2' ? 2 : 4);
  const shards: FeatureShard[] = [];
  for (let row = 0; row < ordinals.length; ) {
    const first = row;
    while (row + 1 < ordinals.length && ordinals[row + 1] === (ordinals[row] as number) + 1) row++;
    row++;
    shards.push({ path, firstRow: first, rows: row - first, dataOffset: dataOffset + (ordinals[first] as number) * rowBytes });
  }
  return shards;
}

/** Wrong rows named in one message. */
const listedRows = 10;

/**
 * Chooses the range of a byte. @throws EngineError `arrays.invalid` naming the instances with a value that is no finite number
 * @param ordinals of the rows; undefined when a row's place is its ordinal
 */
async function scan(file: ArrayFile, ordinals: Uint32Array | undefined, job: JobContext): Promise<number> {
  const { path, descriptor, shape, dataOffset, bytes } = file;
  const dimensions = shape[1] as number;
  const buffer = new ArrayBuffer(blockBytes);
  const view = new Uint8Array(buffer);
  const histogram = new MagnitudeHistogram();
  const wrong = new Set<number>();
  const addBlock = descriptor === '<f2' ? halvesAdder(histogram) : floatsAdder(histogram);
  const handle = await open(path, 'r');
  try {
    for (let at = dataOffset; at < bytes; ) {
      throwIfCancelled(job);
      const wanted = Math.min(view.byteLength, bytes - at);
      for (let filled = 0; filled < wanted; ) {
        const { bytesRead } = await handle.read(view, filled, wanted - filled, at + filled);
        if (bytesRead === 0) throw new EngineError('arrays.invalid', `${path} ended early.`, { path });
        filled += bytesRead;
      }
      const first = (at - dataOffset) / itemBytesOf(file);
      addBlock(buffer, wanted, (place) => wrong.add(Math.floor((first + place) / dimensions)));
      at += wanted;
      job.report({ stage: 'features', done: at - dataOffset, total: bytes - dataOffset, unit: 'bytes' });
    }
  } finally {
    await handle.close();
  }
  if (wrong.size > 0) {
    const named = [...wrong].slice(0, listedRows).map((row) => ordinals?.[row] ?? row);
    const more = wrong.size > named.length ? ` and ${wrong.size - named.length} more` : '';
    throw new EngineError(
      'arrays.invalid',
      `${path} has values that are no finite numbers (NaN or infinite) for ${wrong.size === 1 ? 'instance' : 'instances'} ${named.join(', ')}${more}.`,
      {
        path,
        rows: wrong.size,
        ordinal: named[0] as number,
      },
    );
  }
  return histogram.clip();
}

function itemBytesOf({ descriptor }: ArrayFile): 2 | 4 {
  return descriptor === '<f2' ? 2 : 4;
}

type Adder = (buffer: ArrayBuffer, length: number, wrong: (place: number) => void) => void;

function floatsAdder(histogram: MagnitudeHistogram): Adder {
  return (buffer, length, wrong) => {
    const bits = new Uint32Array(buffer, 0, length / 4);
    for (let i = 0; i < bits.length; i++) {
      const magnitude = (bits[i] as number) & 0x7fffffff;
      if (magnitude >= 0x7f800000) wrong(i);
      else histogram.addBits(magnitude);
    }
  };
}

function halvesAdder(histogram: MagnitudeHistogram): Adder {
  const floatBits = new Uint32Array(0x7c00);
  const floats = new Float32Array(floatBits.buffer);
  for (let half = 0; half < floats.length; half++) floats[half] = halfToDouble(half);
  return (buffer, length, wrong) => {
    const halves = new Uint16Array(buffer, 0, length / 2);
    for (let i = 0; i < halves.length; i++) {
      const magnitude = (halves[i] as number) & 0x7fff;
      if (magnitude >= 0x7c00) wrong(i);
      else histogram.addBits(floatBits[magnitude] as number);
    }
  };
}
