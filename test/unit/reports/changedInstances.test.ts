import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Breath } from '../../../src/engine/jobs/breath.ts';
import { changedInstances } from '../../../src/engine/reports/changedInstances.ts';
import { sourceCounts } from '../../../src/engine/reports/sourceCounts.ts';
import type { SourceCount } from '../../../src/protocol/diff.ts';
import { DatasetFolder } from '../dataset/datasetFolder.ts';

const breath = new Breath({ signal: new AbortController().signal });

interface Planted {
  readonly id?: string | number;
  readonly image?: string;
  readonly lone: boolean;
}

const planted = fc.record(
  {
    id: fc.constantFrom<string | number>('a', 'b', 'c', 'd', 'e', 1, '', 'é'),
    image: fc.constantFrom('x/1.jpg', 'x/2.jpg', 'y/1.jpg', '1.jpg'),
    lone: fc.boolean(),
  },
  { requiredKeys: ['lone'] },
);
const side = fc.array(planted, { maxLength: 20 });

function textOf(records: readonly Planted[]): string {
  const turns = [
    { from: 'human', value: 'What?' },
    { from: 'gpt', value: 'That.' },
  ];
  return `[${records.map(({ id, image }) => JSON.stringify({ id, image, conversations: turns })).join(',\n')}]`;
}

/** The rule by its words: unique ids first, then equal id (or none) and image in order of position. */
function literalPairs(a: readonly Planted[], b: readonly Planted[]): (readonly [number, number, 'id' | 'image'])[] {
  const lone = (all: readonly Planted[]) => all.map((record, ordinal) => ({ ...record, ordinal })).filter((record) => record.lone);
  const [removed, added] = [lone(a), lone(b)];
  const idOf = ({ id }: Planted): string | undefined => (id === undefined ? undefined : String(id));
  const once = (all: readonly Planted[], id: string): boolean => all.filter((record) => idOf(record) === id).length === 1;
  const pairs: (readonly [number, number, 'id' | 'image'])[] = [];
  const pairedB = new Set<number>();
  const left: typeof removed = [];
  for (const one of removed) {
    const id = idOf(one);
    const partner = added.find((other) => idOf(other) === id);
    if (id !== undefined && partner && once(removed, id) && once(added, id)) {
      pairs.push([one.ordinal, partner.ordinal, 'id']);
      pairedB.add(partner.ordinal);
    } else left.push(one);
  }
  for (const one of left) {
    const partner = added.find((other) => !pairedB.has(other.ordinal) && other.image === one.image && idOf(other) === idOf(one));
    if (one.image === undefined || !partner) continue;
    pairs.push([one.ordinal, partner.ordinal, 'image']);
    pairedB.add(partner.ordinal);
  }
  return pairs.sort(([x], [y]) => x - y);
}

const loneOrdinals = (all: readonly Planted[]): Uint32Array => Uint32Array.from(all.flatMap(({ lone }, i) => (lone ? [i] : [])));

describe('changedInstances', () => {
  it('pairs by unique id, else by id and image in order of position', async () => {
    using folder = new DatasetFolder();
    let run = 0;
    await fc.assert(
      fc.asyncProperty(side, side, async (a, b) => {
        run++;
        const [setA, setB] = [await folder.openText(textOf(a), `a${run}.json`), await folder.openText(textOf(b), `b${run}.json`)];
        const found = await changedInstances(
          { dataset: setA, ordinals: loneOrdinals(a) },
          { dataset: setB, ordinals: loneOrdinals(b) },
          breath,
        );
        const rows = Array.from(found.a, (ordinal, i) => [ordinal, found.b[i], found.byImage[i] === 1 ? 'image' : 'id']);
        expect(rows).toEqual(literalPairs(a, b));
      }),
      { numRuns: 25 },
    );
  }, 60_000);

  it('works over the files of a mixture', async () => {
    using folder = new DatasetFolder();
    const record = (id: string, image?: string): Planted => ({ id, lone: true, ...(image === undefined ? {} : { image }) });
    folder.file('one.json', textOf([record('a', 'x/1.jpg'), record('b')]));
    folder.file('two.json', textOf([record('c', 'y/2.jpg'), record('d', 'z/3.jpg')]));
    const mixture = { one: { root: '.', annotation: 'one.json' }, two: { root: '.', annotation: 'two.json' } };
    const a = await folder.open(folder.file('meta.json', JSON.stringify(mixture)));
    const b = await folder.openText(textOf([record('d', 'z/9.jpg'), record('a'), record('x')]), 'b.json');
    expect(a.records).toBe(4);
    const found = await changedInstances(
      { dataset: a, ordinals: Uint32Array.of(0, 2, 3) },
      { dataset: b, ordinals: Uint32Array.of(0, 1, 2) },
      breath,
    );
    expect([[...found.a], [...found.b], [...found.byImage]]).toEqual([
      [0, 3],
      [1, 0],
      [0, 0],
    ]);
    const counts = await sourceCounts(a, b, breath);
    expect(counts).toEqual<SourceCount[]>([
      { kind: 'textOnly', folder: '', a: 1, b: 2 },
      { kind: 'folder', folder: 'z', a: 1, b: 1 },
      { kind: 'folder', folder: 'x', a: 1, b: 0 },
      { kind: 'folder', folder: 'y', a: 1, b: 0 },
    ]);
  });
});

describe('sourceCounts', () => {
  it('counts each usable instance in exactly one source', async () => {
    using folder = new DatasetFolder();
    const a = await folder.openText(
      `[${[
        { id: 1, image: 'coco/train/1.jpg', conversations: [] },
        { id: 2, image: '/coco/2.jpg', conversations: [] },
        { id: 3, image: 'plain.jpg', conversations: [] },
        { id: 4, conversations: [] },
        { id: 5, video: 'v/1.mp4', conversations: [] },
        { id: 6, image: ['vg/1.jpg', 'coco/9.jpg'], conversations: [] },
      ]
        .map((record) => JSON.stringify(record))
        .join(',')}, {"id": 7, "image": ]`,
      'a.json',
    );
    const b = await folder.openText('[{"id": 1, "image": "coco/x.jpg", "conversations": []}]', 'b.json');
    expect(await sourceCounts(a, b, breath)).toEqual<SourceCount[]>([
      { kind: 'folder', folder: 'coco', a: 2, b: 1 },
      { kind: 'textOnly', folder: '', a: 1, b: 0 },
      { kind: 'noFolder', folder: '', a: 1, b: 0 },
      { kind: 'other', folder: '', a: 1, b: 0 },
      { kind: 'folder', folder: 'vg', a: 1, b: 0 },
    ]);
  });
});
