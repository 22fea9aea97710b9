import { describe, expect, it } from 'vitest';
import { TorchNoise } from '../../../../src/engine/synthesis/diffusion/torchNoise.ts';
import { expectClose } from './close.ts';

describe('noise of a seed', () => {
  // torch.manual_seed(seed); torch.randn(n); torch.randn(n)
  it.each([
    { seed: 0, n: 64, first: [-1.1258398, -1.1523602, -0.25057858, -0.43387881], last: -0.55152869, next: [-0.56924808, 0.91997141] },
    { seed: 42, n: 100, first: [1.9269153, 1.4872841, 0.9007172, -2.105521], last: 0.61728072, next: [0.72617722, 0.091151863] },
    {
      seed: 1234567890123,
      n: 16,
      first: [-0.56854153, -0.19921704, 1.0399845, -0.4995631],
      last: -0.27484372,
      next: [-1.2532309, -0.90026736],
    },
  ])('is what torch draws for seed $seed, $n values', ({ seed, n, first, last, next }) => {
    const noise = new TorchNoise(seed);
    const values = noise.draw(n);
    expectClose(values.subarray(0, 4), first);
    expectClose(values.subarray(-1), [last]);
    expectClose(noise.draw(n).subarray(0, 2), next);
  });

  it('is what torch draws below 16 values, one deviate being kept for the next call', () => {
    // The four digits that torch prints: torch.manual_seed(0); torch.randn(5), and with seed 42 torch.randn(3).
    expectClose(new TorchNoise(0).draw(5), [1.541, -0.2934, -2.1788, 0.5684, -1.0845], 6e-5);
    expectClose(new TorchNoise(42).draw(3), [0.3367, 0.1288, 0.2345], 6e-5);
    const parts = new TorchNoise(42);
    expect([...parts.draw(1), ...parts.draw(2)]).toEqual([...new TorchNoise(42).draw(3)]);
  });

  it('takes the low 32 bits of a seed', () => {
    expect(new TorchNoise(2 ** 32 + 5).draw(32)).toEqual(new TorchNoise(5).draw(32));
    expect(new TorchNoise(6).draw(32)).not.toEqual(new TorchNoise(5).draw(32));
  });

  it('is normal', () => {
    const values = new TorchNoise(7).draw(100_003);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
    expect(Math.abs(mean)).toBeLessThan(0.01);
    expect(Math.abs(variance - 1)).toBeLessThan(0.02);
  });
});
