import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';
import type { Dataset } from '../../../src/engine/dataset/dataset.ts';
import { type WrittenSelection, writeSelection } from '../../../src/engine/dataset/losslessWriter.ts';
import { type OpenOptions, openDataset } from '../../../src/engine/dataset/openDataset.ts';
import type { JobContext } from '../../../src/engine/jobs/jobContext.ts';
import type { ParquetStore } from '../../../src/engine/runtime/contracts.ts';

/** Fails where a test without Parquet asks for it. */
const noParquet: ParquetStore = {
  toJsonl: () => Promise.reject(new Error('no Parquet in this test')),
  writeSubset: () => Promise.reject(new Error('no Parquet in this test')),
  embeddedImages: () => Promise.reject(new Error('no Parquet in this test')),
  version: () => Promise.resolve(undefined),
};

export function quietJob(threads = 1): JobContext {
  return { signal: new AbortController().signal, threads, report: () => undefined, log: () => undefined };
}

/** A folder for files of one test, with the room's two doors on it. Disappears with its scope. */
export class DatasetFolder implements Disposable {
  readonly path = mkdtempSync(join(tmpdir(), 'ballast-dataset-'));
  parquet: ParquetStore = noParquet;
  workerScript = 'no worker in this test';
  threads = 1;

  at(name: string): string {
    return join(this.path, name);
  }

  file(name: string, content: string | Uint8Array): string {
    const path = this.at(name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
    return path;
  }

  open(path: string, options: OpenOptions = {}): Promise<Dataset> {
    return openDataset(path, options, { parquet: this.parquet, workerScript: this.workerScript }, quietJob(this.threads));
  }

  openText(content: string | Uint8Array, name = 'data.json'): Promise<Dataset> {
    return this.open(this.file(name, content));
  }

  /** Writes and commits a selection. */
  async write(dataset: Dataset, kept: readonly number[], output: string): Promise<WrittenSelection> {
    const written = await writeSelection(dataset, Uint32Array.from(kept), output, { parquet: this.parquet }, quietJob(this.threads));
    for (const file of written.files) await file.commit();
    return written;
  }

  async bundleWorker(): Promise<void> {
    this.workerScript = this.at('datasetWorker.cjs');
    await build({
      entryPoints: ['src/engine/dataset/worker.ts'],
      bundle: true,
      platform: 'node',
      format: 'cjs',
      target: 'node20',
      outfile: this.workerScript,
      logLevel: 'error',
    });
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

export interface Record {
  readonly id?: unknown;
  readonly [field: string]: unknown;
}

/** A plain LLaVA record. */
export function llava(id: unknown, answer = 'A red bus.'): Record {
  return {
    id,
    image: `coco/${String(id)}.jpg`,
    conversations: [
      { from: 'human', value: `<image>\nWhat is in picture ${String(id)}?` },
      { from: 'gpt', value: answer },
    ],
  };
}

/** Texts of five records, by which the tables of malformed input count. */
export function fiveTexts(indent?: number): string[] {
  return ['1', '2', '3', '4', '5'].map((id) => JSON.stringify(llava(id), null, indent));
}

export const framings = ['array', 'pretty array', 'jsonl', 'concatenated'] as const;
export type FramingName = (typeof framings)[number];

/** Record texts framed as files are; `pretty array` indents like Python's json.dump(indent=2). */
export function frame(texts: readonly string[], framing: FramingName): string {
  switch (framing) {
    case 'array':
      return `[${texts.join(', ')}]\n`;
    case 'pretty array':
      return `[\n${texts.map((text) => text.replaceAll(/^/gm, '  ')).join(',\n')}\n]\n`;
    case 'jsonl':
      return `${texts.join('\n')}\n`;
    case 'concatenated':
      return `${texts.join('\n')}\n`;
  }
}

/** Indent with which `fiveTexts` makes a framing that is told apart from the others. */
export function indentOf(framing: FramingName): number | undefined {
  return framing === 'pretty array' || framing === 'concatenated' ? 2 : undefined;
}

/** Texts of the usable records, as they stand in the file. */
export function usableTexts(dataset: Dataset, content: Buffer): string[] {
  const texts: string[] = [];
  for (let i = 0; i < dataset.records; i++)
    if ((dataset.flags[i] ?? 0) & 1) texts.push(content.toString('utf8', dataset.start[i], dataset.end[i]));
  return texts;
}
