import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Dataset, recordFlags } from '../../../src/engine/dataset/dataset.ts';
import type { JobContext } from '../../../src/engine/jobs/jobContext.ts';
import { hashOf } from '../../../src/engine/runs/artifacts.ts';
import type { Progress } from '../../../src/protocol/progress.ts';

/** A folder that disappears with its scope. */
export function temporaryFolder(): Disposable & { readonly path: string } {
  const path = mkdtempSync(join(tmpdir(), 'ballast-entities-'));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}

export interface TestJob extends JobContext {
  readonly progress: Progress[];
  readonly messages: string[];
  cancel(): void;
}

export function testJob(threads = 1): TestJob {
  const controller = new AbortController();
  const progress: Progress[] = [];
  const messages: string[] = [];
  return {
    signal: controller.signal,
    threads,
    progress,
    messages,
    report: (step) => progress.push(step),
    log: (_level, message) => messages.push(message),
    cancel: () => controller.abort(),
  };
}

export interface TestRecord {
  readonly conversations: readonly { readonly from: string; readonly value: string }[];
}

export function llavaRecord(...turns: readonly string[]): TestRecord {
  return { conversations: turns.map((value, i) => ({ from: i % 2 === 0 ? 'human' : 'gpt', value })) };
}

/** A JSONL dataset in `folder` with its index, as the dataset room would give it; `undefined` stands for a broken record. */
export function writeDataset(folder: string, records: readonly (TestRecord | undefined)[]): Dataset {
  const path = join(folder, 'data.jsonl');
  const lines = records.map((record) => Buffer.from(record ? JSON.stringify(record) : '{"broken": '));
  const start = new Float64Array(records.length);
  const end = new Float64Array(records.length);
  let at = 0;
  for (const [i, line] of lines.entries()) {
    start[i] = at;
    end[i] = at + line.byteLength;
    at += line.byteLength + 1;
  }
  const content = Buffer.concat(lines.flatMap((line) => [line, Buffer.from('\n')]));
  writeFileSync(path, content);
  const sha256 = hashOf(content.toString('latin1'));
  const flags = Uint8Array.from(records, (record) => (record ? recordFlags.usable : 0));
  return {
    path,
    summary: { path, bytes: content.byteLength, sha256, format: 'jsonl', variant: 'llava' },
    identity: sha256,
    parts: [
      {
        path,
        textPath: path,
        kind: 'jsonl',
        framing: 'lines',
        recordsFrom: 0,
        indexFolder: '',
        indexFirst: 0,
        indexRecords: records.length,
        modifiedNs: '0',
        view: { variant: 'llava' },
        imageRoots: [folder],
        bytes: content.byteLength,
        sha256,
        firstOrdinal: 0,
        records: records.length,
      },
    ],
    records: records.length,
    instances: records.filter(Boolean).length,
    start,
    end,
    flags,
    turns: Uint32Array.from(records, (record) => record?.conversations.length ?? 0),
    problems: [],
    problemCounts: {},
    runDir: join(folder, '.ballast'),
    reused: false,
    indexSeconds: 0,
  };
}
