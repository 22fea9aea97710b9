import type { NumberTensor, ValueInfo } from '../../../runtime/contracts.ts';

/** A timestep in the rank that the graph declares: a number, a list of one, or one for each picture. Whole types cut fractions off. */
export function timestepTensor(input: ValueInfo | undefined, timestep: number, count: number): NumberTensor {
  const [first] = input?.shape ?? [];
  if (input?.shape.length === 0) return { values: Float32Array.of(timestep), shape: [] };
  const length = first === 'steps' ? 1 : typeof first === 'number' && first > 0 ? first : count;
  return { values: new Float32Array(length).fill(timestep), shape: [length] };
}

/** The same values for each picture of a batch. */
export function repeated(values: Float32Array, count: number): Float32Array {
  const all = new Float32Array(values.length * count);
  for (let i = 0; i < count; i++) all.set(values, i * values.length);
  return all;
}

/** RGB bytes as colour planes of `scale` * byte + `offset`. */
export function planesOf(rgb: Uint8Array, scale: number, offset: number): Float32Array {
  const size = rgb.length / 3;
  const planes = new Float32Array(rgb.length);
  for (let i = 0; i < size; i++)
    for (let channel = 0; channel < 3; channel++) planes[channel * size + i] = (rgb[3 * i + channel] as number) * scale + offset;
  return planes;
}
