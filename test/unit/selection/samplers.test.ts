import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HashDraws, instanceCounters } from '../../../src/engine/selection/samplers/hashSampler.ts';
import { LabelKeys } from '../../../src/engine/selection/samplers/labelKeys.ts';
import { MersenneTwister } from '../../../src/engine/selection/samplers/mersenneTwister.ts';
import { threefry2x32, toUnitInterval } from '../../../src/engine/selection/samplers/threefry.ts';

function threefry(key: [number, number], counter: [number, number]): string[] {
  const out = new Uint32Array(2);
  threefry2x32(key[0], key[1], counter[0], counter[1], out);
  return Array.from(out, (word) => word.toString(16).padStart(8, '0'));
}

describe('Threefry-2x32-20', () => {
  // Known answers of Random123 (kat_vectors).
  it('gives the known answers', () => {
    expect(threefry([0, 0], [0, 0])).toEqual(['6b200159', '99ba4efe']);
    expect(threefry([0xffffffff, 0xffffffff], [0xffffffff, 0xffffffff])).toEqual(['1cb996fc', 'bb002be7']);
    expect(threefry([0x13198a2e, 0x03707344], [0x243f6a88, 0x85a308d3])).toEqual(['c4923a9c', '483df7a0']);
  });

  it('maps the ends of the words into [0, 1)', () => {
    expect(toUnitInterval(Uint32Array.of(0, 0))).toBe(0);
    expect(toUnitInterval(Uint32Array.of(0xffffffff, 0xffffffff))).toBe(1 - 2 ** -53);
  });
});

describe('MersenneTwister', () => {
  it("gives Python's random.seed(42) values", () => {
    const twister = new MersenneTwister(42);
    expect(Array.from({ length: 5 }, () => twister.random())).toEqual([
      0.6394267984578837, 0.025010755222666936, 0.27502931836911926, 0.22321073814882275, 0.7364712141640124,
    ]);
  });

  it('ignores the sign and takes seeds of several words', () => {
    expect(new MersenneTwister(-42).random()).toBe(0.6394267984578837);
    // python3 -c "import random; random.seed(2**70+5); print(random.random())" and the same for 0
    expect(new MersenneTwister(2n ** 70n + 5n).random()).toBe(0.46679953776226335);
    expect(new MersenneTwister(0).random()).toBe(0.8444218515250481);
  });

  it('agrees with Python far behind the first block of 624 outputs', () => {
    const twister = new MersenneTwister(7);
    let last = 0;
    for (let i = 0; i < 5000; i++) last = twister.random();
    // python3 -c "import random; random.seed(7); print([random.random() for _ in range(5000)][-1])"
    expect(last).toBe(0.36767798200029855);
  });
});

describe('label keys', () => {
  const name = fc.oneof(
    fc.string(),
    fc.string({ unit: 'binary' }),
    fc.integer({ min: 0, max: 400 }).map((length) => 'é'.repeat(length)),
  );

  it('are the beginning of SHA-256 for texts of any length, one after the other', () => {
    fc.assert(
      fc.property(name, fc.array(name, { minLength: 1, maxLength: 5 }), (prefix, names) => {
        const keys = new LabelKeys(prefix);
        const out = new Uint32Array(names.length * 2);
        names.forEach((one, i) => {
          if (i % 2 === 0) keys.keyOf(one, out, i * 2);
          else {
            const bytes = Buffer.from(one);
            keys.append(bytes, 0, bytes.length >> 1);
            for (const byte of bytes.subarray(bytes.length >> 1)) keys.appendByte(byte);
            keys.finish(out, i * 2);
          }
        });
        names.forEach((one, i) => {
          const digest = createHash('sha256').update(`${prefix}${one}`).digest();
          expect([out[i * 2], out[i * 2 + 1]]).toEqual([digest.readUInt32LE(0), digest.readUInt32LE(4)]);
        });
      }),
      { numRuns: 500 },
    );
  });
});

describe('hash draws', () => {
  const keys = new Uint8Array(64 * 16);
  for (let i = 0; i < 64; i++)
    keys.set(
      createHash('sha256')
        .update(`instance ${i >> 1}`)
        .digest()
        .subarray(0, 16),
      i * 16,
    );
  const duplicates = Uint32Array.from({ length: 64 }, (_, i) => i & 1);

  it('gives exact duplicates different counters', () => {
    const counters = instanceCounters(keys, duplicates);
    const pairs = new Set(Array.from({ length: 64 }, (_, i) => `${counters[i * 2]},${counters[i * 2 + 1]}`));
    expect(pairs.size).toBe(64);
  });

  it('is uniform and uncorrelated between entities, seeds and instances (chi-square over 64 bins, 3 sigma)', () => {
    const many = 20_000;
    const manyKeys = new Uint8Array(many * 16);
    for (let i = 0; i < many; i++) manyKeys.set(createHash('sha256').update(`${i}`).digest().subarray(0, 16), i * 16);
    const counters = instanceCounters(manyKeys, new Uint32Array(many));
    const streams = [new HashDraws(1, counters), new HashDraws(2, counters)].flatMap((draws) =>
      ['cat', 'dog'].map((entity) => {
        const [a, b] = draws.key('token', entity);
        return Float64Array.from({ length: many }, (_, i) => draws.draw(a, b, i));
      }),
    );
    for (const stream of streams) {
      const bins = new Float64Array(64);
      for (const u of stream) bins[Math.floor(u * 64)] = (bins[Math.floor(u * 64)] ?? 0) + 1;
      const chi = bins.reduce((sum, count) => sum + (count - many / 64) ** 2 / (many / 64), 0);
      expect(Math.abs(chi - 63)).toBeLessThan(3 * Math.sqrt(2 * 63));
    }
    for (const [i, a] of streams.entries()) {
      for (const b of streams.slice(i + 1)) {
        const correlation = a.reduce((sum, u, k) => sum + (u - 0.5) * ((b[k] ?? 0) - 0.5), 0) / many / (1 / 12);
        expect(Math.abs(correlation)).toBeLessThan(4 / Math.sqrt(many));
      }
    }
  });
});
