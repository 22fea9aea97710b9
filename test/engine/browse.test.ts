import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { InstanceRow } from '../../src/protocol/browse.ts';
import type { ProblemCode } from '../../src/protocol/dataset.ts';
import { type GenerateResult, generateDataset } from '../fixtures/generateDataset.mjs';
import { enginePath, temporaryFolder } from './ballast.ts';
import { EngineConnection } from './engineConnection.ts';

interface LlavaRecord {
  readonly id: string;
  readonly image?: string;
  readonly conversations: readonly { readonly from: string; readonly value: string }[];
}

const folder = temporaryFolder('browse');
const whole = join(folder, 'whole.json');
const damaged = join(folder, 'damaged.jsonl');
const images = [join(folder, 'pictures')];

let engine: EngineConnection;
let planted: GenerateResult;
/** The records of `whole`, as JSON.parse gives them. */
let records: readonly LlavaRecord[];
beforeAll(async () => {
  // About 34 MB: enough for the worker threads.
  await generateDataset({ outFile: whole, instances: 22_000, seed: 11, profile: 'small', validJson: true });
  records = JSON.parse(readFileSync(whole, 'utf8')) as LlavaRecord[];
  planted = await generateDataset({
    outFile: damaged,
    instances: 600,
    seed: 12,
    profile: 'small',
    format: 'jsonl',
    plantDefects: 26,
    plantDuplicates: 12,
    images: { dir: images[0] as string, count: 60, size: 64 },
  });
  engine = await EngineConnection.start(process.execPath, [enginePath]);
}, 300_000);
afterAll(() => engine.end());

const ordinalsOf = (rows: readonly InstanceRow[]): number[] => rows.map(({ ordinal }) => ordinal);

describe('the instance browser over the wire', () => {
  it('shows the first rows of a file without touching anything beside it', async () => {
    const { rows, complete, format, variant } = await engine.request('browse/first', { dataset: whole, limit: 100 });
    expect({ complete, format, variant }).toEqual({ complete: false, format: 'json', variant: 'llava' });
    expect(rows.map(({ id, turns }) => [id, turns])).toEqual(
      records.slice(0, 100).map(({ id, conversations }) => [id, conversations.length]),
    );
  });

  it('counts and finds what looking at every record counts and finds', async () => {
    const texts = records.map(({ id, conversations }) =>
      [id, ...conversations.map(({ value }) => value)].map((text) => text.toLowerCase()),
    );
    const folderOf = ({ image }: LlavaRecord): string | undefined => image?.split('/')[0];
    for (const text of ['umbrella', 'TRAFFIC LIGHT', 'é', '猫', '\n', '0.5']) {
      for (const place of [undefined, 'coco', 'vg']) {
        const filter = { text, ...(place ? { fields: { folder: [place] } } : {}) };
        const holds = (i: number): boolean => texts[i]?.some((one) => one.includes(text.toLowerCase())) ?? false;
        const wanted = [...records.keys()].filter((i) => holds(i) && (!place || folderOf(records[i] as LlavaRecord) === place));
        const { matches, facets } = await engine.request('browse/query', { dataset: whole, filter });
        expect(matches, JSON.stringify(filter)).toBe(wanted.length);
        const counts = new Map<string, number>();
        for (const [i, record] of records.entries()) {
          const own = folderOf(record);
          if (own && holds(i)) counts.set(own, (counts.get(own) ?? 0) + 1);
        }
        const shown = facets.find(({ name }) => name === 'folder')?.values.filter(({ count }) => count > 0);
        expect(new Map(shown?.map(({ value, count }) => [value, count]))).toEqual(counts);
        const offset = Math.max(0, wanted.length - 40);
        const { rows } = await engine.request('browse/rows', { dataset: whole, filter, offset, limit: 100 });
        expect(ordinalsOf(rows)).toEqual(wanted.slice(offset, offset + 100));
      }
    }
  });

  it('keeps its places through damage, and gives every record its problems', async () => {
    const { records: positions, instances, facets } = await engine.request('browse/query', { dataset: damaged });
    expect([positions, instances]).toEqual([600, 600 - planted.planted.unusable]);
    const inspected = await engine.request('dataset/inspect', { dataset: damaged });
    const codes = new Map<number, Set<ProblemCode>>();
    for (const { ordinal, code } of inspected.problems) if (ordinal >= 0) codes.set(ordinal, (codes.get(ordinal) ?? new Set()).add(code));
    const { rows } = await engine.request('browse/rows', { dataset: damaged, filter: { problems: ['any'] }, offset: 0, limit: 500 });
    expect(ordinalsOf(rows)).toEqual([...codes.keys()].sort((a, b) => a - b));
    for (const { ordinal, problems } of rows) expect(new Set(problems)).toEqual(codes.get(ordinal));
    const plantedCodes = planted.planted.defects.filter(({ code }) => code.startsWith('record.'));
    for (const { ordinal, code } of plantedCodes) expect(codes.get(ordinal)).toContain(code);
    const counted = facets.find(({ name }) => name === 'problem')?.values ?? [];
    expect(counted[0]).toEqual({ value: 'any', count: codes.size });
    for (const { value, count } of counted.slice(1)) expect(count).toBe(inspected.problemCounts[value as ProblemCode]);
  });

  it('shows an instance with its entities marked, its copies and its picture', async () => {
    await engine.request('entities/analyze', { dataset: damaged });
    const [copy] = planted.planted.duplicates;
    const { instanceKey, copies } = await engine.request('instance/detail', { dataset: damaged, images, instance: copy?.copy ?? 0 });
    expect(copies).toBeGreaterThan(1);
    expect(instanceKey.duplicate).toBeGreaterThan(0);
    let marks = 0;
    for (let instance = 0; instance < 60; instance++) {
      const { usable, turns, entities, media, range } = await engine.request('instance/detail', { dataset: damaged, images, instance });
      expect(range?.line).toBe(instance + 1);
      for (const { text, spans } of turns) {
        for (const { start, end, perspective, entity } of spans) {
          marks++;
          expect(entities?.[perspective]?.map((one) => one.entity)).toContain(entity);
          expect(text.slice(start, end).trim()).not.toBe('');
        }
      }
      if (!usable || media.length === 0) continue;
      const image = await engine.request('instance/image', { dataset: damaged, images, instance, side: 32 });
      if (image.ok) expect(Math.max(image.width, image.height)).toBe(32);
      else expect(['missing', 'refused', 'empty', 'undecodable', 'unsupported']).toContain(image.reason);
      if (media[0]?.state !== 'present') expect(image).toEqual({ ok: false, reason: media[0]?.state });
    }
    expect(marks).toBeGreaterThan(500);
  });
});
