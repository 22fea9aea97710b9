import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EngineDeps } from '../../../src/engine/engineDeps.ts';
import type { JobContext } from '../../../src/engine/jobs/jobContext.ts';
import { createRuntime } from '../../../src/engine/runtime/createRuntime.ts';
import type { Perspective } from '../../../src/protocol/perspectives.ts';

/** Entities of one instance as imported; pairs follow from the objects. */
export interface TestInstance {
  readonly token: readonly string[];
  readonly object: readonly string[];
  readonly interrogation: readonly string[];
  /** Image path; undefined for a text-only instance. */
  readonly image: string | undefined;
  readonly turns: number;
  readonly tag: string;
  /** Instances with the same number are exact duplicates. */
  readonly content: number;
}

export const quietJob: JobContext = { signal: new AbortController().signal, threads: 1, report: () => undefined, log: () => undefined };

export const testDeps: EngineDeps = {
  runtime: createRuntime('no compute process'),
  scripts: { dataset: 'no worker', entities: 'no worker', clustering: 'no worker', selection: 'no worker' },
  lexicon: 'no lexicon',
  thesaurus: 'no thesaurus',
};

/** A dataset on the disk with imported entities, and one broken record in the middle; disappears with its scope. */
export class WhatIfDataset implements Disposable {
  readonly folder = mkdtempSync(join(tmpdir(), 'ballast-whatif-'));
  readonly path = join(this.folder, 'set.jsonl');
  readonly entities = join(this.folder, 'entities.jsonl');
  readonly instances: readonly (TestInstance | undefined)[];

  constructor(instances: readonly TestInstance[], name = '.') {
    const middle = instances.length >> 1;
    this.instances = [...instances.slice(0, middle), undefined, ...instances.slice(middle)];
    mkdirSync(join(this.folder, name), { recursive: true });
    writeFileSync(this.path, this.instances.map((one) => `${one ? JSON.stringify(recordOf(one)) : '{"broken": '}\n`).join(''));
    writeFileSync(
      this.entities,
      this.instances
        .flatMap((one, ordinal) =>
          one ? [`${JSON.stringify({ ordinal, token: one.token, object: one.object, interrogation: one.interrogation })}\n`] : [],
        )
        .join(''),
    );
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Distinct entities of an instance by plain strings; nothing for a broken record. */
  entitiesOf(ordinal: number, perspective: Perspective): readonly string[] {
    const one = this.instances[ordinal];
    if (!one) return [];
    if (perspective !== 'cooccurrence') return [...new Set(one[perspective])];
    const objects = [...new Set(one.object)].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    return objects.flatMap((a, i) => objects.slice(i + 1).map((b) => `${quoted(a)},${quoted(b)}`));
  }
}

function quoted(label: string): string {
  return label.includes(',') ? `"${label}"` : label;
}

function recordOf({ image, turns, tag, content }: TestInstance): object {
  return {
    id: 'same',
    content,
    tag,
    ...(image === undefined ? {} : { image }),
    conversations: Array.from({ length: turns }, (_, i) => ({
      from: i % 2 === 0 ? 'human' : 'gpt',
      value: i === 0 && image ? '<image> ?' : '!',
    })),
  };
}
