import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytePositions } from '../../../src/extension/instances/bytePositions.ts';

async function* chunked(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

/** The editor's own way: decode what stands before the offset, split it into lines, count UTF-16 units. */
function literally(bytes: Uint8Array, offset: number): { line: number; character: number } {
  const lines = new TextDecoder('utf-8', { ignoreBOM: false }).decode(bytes.subarray(0, offset)).split(/\r\n|\r|\n/);
  return { line: lines.length - 1, character: lines.at(-1)?.length ?? 0 };
}

/** Offsets where a character begins; not between \r and \n, which is no place in an editor. */
function boundaries(bytes: Uint8Array): number[] {
  const all = Array.from({ length: bytes.length + 1 }, (_, i) => i);
  return all.filter((i) => ((bytes[i] ?? 0) & 0xc0) !== 0x80 && !(bytes[i] === 0x0a && bytes[i - 1] === 0x0d));
}

describe('bytePositions', () => {
  it('agrees with decoding and splitting, whatever the text, its line ends and the chunks', async () => {
    const unit = fc.constantFrom('a', '"', 'é', '中', '\u{1F9AD}', '\n', '\r\n', '\r', '\t', '\u2028');
    await fc.assert(
      fc.asyncProperty(fc.array(unit, { maxLength: 40 }), fc.boolean(), fc.integer({ min: 1, max: 9 }), async (units, hasBom, size) => {
        const bytes = new TextEncoder().encode((hasBom ? '\ufeff' : '') + units.join(''));
        const offsets = boundaries(bytes).filter((offset) => !hasBom || offset === 0 || offset >= 3);
        const found = await bytePositions(chunked(bytes, size), [...offsets].reverse());
        for (const offset of offsets) expect(found.get(offset), `offset ${offset}`).toEqual(literally(bytes, offset));
      }),
    );
  });

  it('takes an offset behind the end for the end, and reads no further than it must', async () => {
    const bytes = new TextEncoder().encode('ab\ncd');
    expect((await bytePositions(chunked(bytes, 2), [99])).get(99)).toEqual({ line: 1, character: 2 });
    let read = 0;
    const counting = async function* (): AsyncGenerator<Uint8Array> {
      for await (const chunk of chunked(bytes, 1)) {
        read += chunk.length;
        yield chunk;
      }
    };
    await bytePositions(counting(), [1]);
    expect(read).toBe(2);
  });
});
