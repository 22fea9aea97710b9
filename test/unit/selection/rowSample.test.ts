import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PassProbabilities } from '../../../src/engine/selection/passProbabilities.ts';
import { rowClassesOf } from '../../../src/engine/selection/rowClasses.ts';
import { pick, sampledRows, sampleOf } from '../../../src/engine/selection/rowSample.ts';
import { VolumeModel } from '../../../src/engine/selection/volumeModel.ts';
import { indexOf } from './indexOf.ts';

describe('a sample of rows', () => {
  const row = fc.array(fc.constantFrom('cat', 'dog', 'bus', 'sea', 'zebra', 'sky'), { maxLength: 5 });

  it('has the probabilities of its ordinals', () => {
    fc.assert(
      fc.property(
        fc.array(row, { minLength: 1, maxLength: 30 }),
        fc.infiniteStream(fc.boolean()),
        fc.double({ min: 0.1, max: 9, noNaN: true }),
        fc.constantFrom('instances' as const, 'mentions' as const),
        (rows, chosen, tau, counting) => {
          const index = indexOf('token', rows);
          const sample = Uint32Array.from([...rows.keys()].filter(() => chosen.next().value));
          const classes = rowClassesOf(index);
          const whole = new PassProbabilities({ index, tau, counting }, rows.length, classes);
          const part = sampledRows(index, classes, sample);
          const sampled = new PassProbabilities({ index: part.index, tau, counting }, sample.length, part.rows);
          expect(Array.from(sample, (_, i) => sampled.at(i))).toEqual(Array.from(sample, (ordinal) => whole.at(ordinal)));
          if (sample.length === 0) return;
          const instances = new Uint8Array(rows.length).fill(1);
          const setting = { minPerspectives: 1, alpha: 1, instances, certain: new Uint8Array(rows.length) };
          const estimate = new VolumeModel(counting).estimate([{ index, rows: classes }], [tau], setting, sample);
          const sum = Array.from(sample, (ordinal) => whole.at(ordinal)).reduce((total, q) => total + q, 0);
          expect(estimate).toBeCloseTo((sum * rows.length) / sample.length, 9);
        },
      ),
    );
  });

  it('is taken of large datasets only, by content and not by place', () => {
    expect(sampleOf(new Uint32Array(2000))).toBeUndefined();
    const counters = Uint32Array.from({ length: 400_000 }, (_, i) => Math.imul(i, 2654435761) >>> 7);
    const sample = sampleOf(counters) ?? new Uint32Array();
    expect(sample.length / 200_000).toBeGreaterThan(1 / 40);
    expect(sample.length / 200_000).toBeLessThan(1 / 25);
    const reversed = Uint32Array.from({ length: 400_000 }, (_, i) => counters[(199_999 - (i >> 1)) * 2 + (i & 1)] ?? 0);
    expect([...(sampleOf(reversed) ?? [])].map((ordinal) => 199_999 - ordinal).reverse()).toEqual([...sample]);
    expect(pick(Uint8Array.of(1, 2, 3, 4), Uint32Array.of(1, 3))).toEqual(Uint8Array.of(2, 4));
  });
});
