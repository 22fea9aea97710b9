import fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { EngineError } from '../../../src/engine/jobs/engineError.ts';
import { DatasetFolder, frame, framings, indentOf, llava, usableTexts } from './datasetFolder.ts';

/** Every opened file is flushed to disk several times: slow where many tests share one. */
vi.setConfig({ testTimeout: 120_000 });

let folder: DatasetFolder;
beforeEach(() => {
  folder = new DatasetFolder();
});
afterEach(() => folder[Symbol.dispose]());

const answers = ['A red bus.', 'Code: {"a": [1, "}"]}', 'She said "yes" \\ "no".', 'größe 🙂', 'x'.repeat(80), '', 'line\nline', 'end"'];

/** One byte replaced, removed or inserted behind the first record costs at most the records at its sides. */
test.each(framings)('a damaged byte costs little: %s', async (framing) => {
  const texts = answers.map((answer, i) => JSON.stringify(llava(String(i), answer), null, indentOf(framing)));
  const bytes = Buffer.from(frame(texts, framing));
  const second = bytes.indexOf('{', bytes.indexOf('}', bytes.indexOf('red bus')) + 1);
  const damage = fc.record({
    at: fc.integer({ min: second, max: bytes.length - 1 }),
    kind: fc.constantFrom('replace', 'remove', 'insert'),
    byte: fc.constantFrom(...Buffer.from('"\\{}[],:x\n '), 0xff, 0xc3, 0x00),
  });
  let run = 0;
  await fc.assert(
    fc.asyncProperty(damage, async ({ at, kind, byte }) => {
      const damaged = Buffer.concat([
        bytes.subarray(0, at),
        kind === 'remove' ? Buffer.alloc(0) : Buffer.from([byte]),
        bytes.subarray(kind === 'insert' ? at : at + 1),
      ]);
      const name = `${run++}.json`;
      const dataset = await folder.openText(damaged, name).catch((error: unknown) => {
        if (error instanceof EngineError) return undefined;
        throw error;
      });
      expect(dataset).toBeDefined();
      if (!dataset) return;
      const found = usableTexts(dataset, damaged);
      const whole = framing === 'pretty array' ? texts.map((text) => text.replaceAll('\n', '\n  ')) : texts;
      const untouched = whole.filter((text) => found.includes(text)).length;
      expect(untouched).toBeGreaterThanOrEqual(texts.length - 2);
      if (untouched < texts.length - 1 || dataset.instances < texts.length) expect(dataset.problems.length).toBeGreaterThan(0);
    }),
    { numRuns: Number(process.env.BALLAST_FUZZ_RUNS ?? 25) },
  );
});
