import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { auditImages, type ImageAudit, type ImageAuditSummary, type ImageReference } from '../../../src/engine/dataset/imageAudit.ts';
import { createImageResolver } from '../../../src/engine/dataset/imageResolver.ts';
import type { JobContext } from '../../../src/engine/jobs/jobContext.ts';
import type { ImageDecoder } from '../../../src/engine/runtime/contracts.ts';
import { createImageDecoder } from '../../../src/engine/runtime/imageDecoder.ts';
import type { Problem } from '../../../src/protocol/dataset.ts';
import type { Progress } from '../../../src/protocol/progress.ts';
import { generateDataset } from '../../fixtures/generateDataset.mjs';
import { picture, pngHeader } from '../runtime/pictures.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ballast-audit-'));
  const jpeg = await picture(64, 48, 1).jpeg().toBuffer();
  const other = await picture(64, 48, 2).jpeg().toBuffer();
  const files: Record<string, Uint8Array> = {
    'good.jpg': jpeg,
    'other.jpeg': other,
    'copy of good.jpg': jpeg,
    'good again.png': await picture(64, 48, 1).png().toBuffer(),
    'gif.jpg': await picture(20, 20, 3).gif().toBuffer(),
    'empty.jpg': new Uint8Array(),
    'cut.jpg': jpeg.subarray(0, jpeg.length >> 1),
    'page.jpg': Buffer.from('<html></html>'),
    'drawing.svg': Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'),
    'bomb.png': pngHeader(50_000, 50_000),
    'turned.jpg': await picture(30, 20, 4).withMetadata({ orientation: 6 }).jpeg().toBuffer(),
    'turned.png': await picture(30, 20, 5).withMetadata({ orientation: 3 }).jpeg().toBuffer(),
    'no extension': await picture(30, 20, 6).webp().toBuffer(),
  };
  for (const [name, bytes] of Object.entries(files)) await writeFile(join(folder, name), bytes);
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

const decoder = createImageDecoder();

function jobOf(threads: number, signal = new AbortController().signal): JobContext & { readonly reports: Progress[] } {
  const reports: Progress[] = [];
  return { signal, threads, reports, report: (progress) => reports.push(progress), log() {} };
}

function referencesOf(names: readonly string[]): ImageReference[] {
  return names.map((image, ordinal) => ({ ordinal, image, byteStart: ordinal * 100, byteEnd: ordinal * 100 + 90, line: ordinal + 1 }));
}

async function audit(
  options: Partial<ImageAudit> & Pick<ImageAudit, 'images'>,
): Promise<{ problems: Problem[]; summary: ImageAuditSummary }> {
  const generator = auditImages({ resolver: createImageResolver({ roots: [folder] }), decoder, job: jobOf(2), ...options });
  const problems: Problem[] = [];
  for (;;) {
    const step = await generator.next();
    if (step.done) return { problems, summary: step.value };
    problems.push(step.value);
  }
}

const named = [
  'good.jpg',
  'gif.jpg',
  'empty.jpg',
  'cut.jpg',
  'nowhere.jpg',
  'page.jpg',
  'drawing.svg',
  'bomb.png',
  '../outside.jpg',
  'turned.jpg',
  'turned.png',
  'no extension',
  'copy of good.jpg',
  'good again.png',
  'other.jpeg',
  'cut.jpg',
  './good.jpg',
  'nowhere.jpg',
];

const expected: readonly (readonly [ordinal: number, code: string])[] = [
  [1, 'image.wrongExtension'],
  [2, 'image.empty'],
  [3, 'image.undecodable'],
  [4, 'image.missing'],
  [5, 'image.unsupported'],
  [6, 'image.unsupported'],
  [7, 'image.tooLarge'],
  [8, 'image.refused'],
  [9, 'image.orientation'],
  [10, 'image.wrongExtension'],
  [10, 'image.orientation'],
  [15, 'image.undecodable'],
  [17, 'image.missing'],
];

describe('findings', () => {
  test.each([1, 2, 8])('in the order of the records, with %i threads', async (threads) => {
    const { problems, summary } = await audit({ images: referencesOf(named), job: jobOf(threads) });
    expect(problems.map(({ ordinal, code }) => [ordinal, code])).toEqual(expected);
    expect(summary).toEqual({ checked: 15, ok: 5, duplicates: 1, nearDuplicates: 1 });
  });

  test('carry the place of the record and name the image', async () => {
    const { problems } = await audit({
      images: [{ ordinal: 7, image: 'cut.jpg', byteStart: 70, byteEnd: 79, line: 8, file: '/part.json' }],
    });
    expect(problems).toEqual([
      {
        code: 'image.undecodable',
        ordinal: 7,
        byteStart: 70,
        byteEnd: 79,
        line: 8,
        file: '/part.json',
        image: 'cut.jpg',
        message: expect.stringContaining('cut.jpg'),
      },
    ]);
  });

  test('a path is quoted, and a long one cut, in the message', async () => {
    const { problems } = await audit({ images: referencesOf(['a\nb.jpg', `data:image/png;base64,${'A'.repeat(50_000)}`]) });
    expect(problems.map((problem) => problem.code)).toEqual(['image.refused', 'image.refused']);
    for (const { message } of problems) {
      expect(message).not.toContain('\n');
      expect(message.length).toBeLessThan(400);
    }
  });

  test('embedded bytes are looked at without the resolver', async () => {
    const bytes = await readFile(join(folder, 'cut.jpg'));
    const { problems, summary } = await audit({
      images: [
        { ordinal: 0, image: 'row-000000-image-0', byteStart: 0, byteEnd: 1, line: 1, load: () => Promise.resolve(bytes) },
        { ordinal: 1, image: 'x.png', byteStart: 2, byteEnd: 3, line: 2, load: () => readFile(join(folder, 'good.jpg')) },
        { ordinal: 2, image: 'x.png', byteStart: 4, byteEnd: 5, line: 3, load: () => readFile(join(folder, 'empty.jpg')) },
      ],
    });
    expect(problems.map(({ ordinal, code }) => [ordinal, code])).toEqual([
      [0, 'image.undecodable'],
      [2, 'image.empty'],
    ]);
    expect(summary).toMatchObject({ checked: 3, ok: 1 });
  });

  test('an asynchronous source and one without images', async () => {
    async function* source() {
      yield* referencesOf(['good.jpg', 'empty.jpg']);
    }
    expect((await audit({ images: source() })).problems.length).toBe(1);
    expect((await audit({ images: [] })).summary).toEqual({ checked: 0, ok: 0, duplicates: 0, nearDuplicates: 0 });
  });
});

/** The real decoder, counting. */
function counting(): ImageDecoder & { checks: number; most: number } {
  let busy = 0;
  const counter = {
    ...decoder,
    checks: 0,
    most: 0,
    async check(bytes: Uint8Array) {
      counter.checks += 1;
      busy += 1;
      counter.most = Math.max(counter.most, busy);
      try {
        return await decoder.check(bytes);
      } finally {
        busy -= 1;
      }
    },
  };
  return counter;
}

describe('spellings', () => {
  test('a refused spelling says nothing of the plain one', async () => {
    const { problems } = await audit({ images: referencesOf(['good.jpg/.', 'good.jpg', './good.jpg', 'sub/../good.jpg', 'good.jpg']) });
    expect(problems.map(({ ordinal, code }) => [ordinal, code])).toEqual([
      [0, 'image.refused'],
      [3, 'image.refused'],
    ]);
    expect(problems[1]?.message).toContain('sub/../good.jpg');
  });
});

describe('work', () => {
  test('each distinct image is decoded once, few at a time', async () => {
    const counter = counting();
    const images = Array.from({ length: 400 }, (_, i) => ['good.jpg', 'other.jpeg', 'cut.jpg', 'turned.jpg'][i % 4] ?? '');
    const { problems, summary } = await audit({ images: referencesOf(images), decoder: counter, job: jobOf(2) });
    expect(counter.checks).toBe(4);
    expect(counter.most).toBeLessThanOrEqual(3);
    expect(problems.length).toBe(200);
    expect(summary.checked).toBe(4);
  });

  test('progress counts images and ends with the total', async () => {
    const job = jobOf(2);
    await audit({ images: referencesOf(named), job, total: 15 });
    expect(job.reports.at(-1)).toEqual({ stage: 'images', done: 15, total: 15, unit: 'images' });
    const done = job.reports.map((progress) => progress.done);
    expect(done).toEqual([...done].sort((a, b) => a - b));
  });

  test('cancellation stops the reading', async () => {
    const controller = new AbortController();
    const counter = counting();
    let asked = 0;
    function* source() {
      for (const reference of referencesOf(Array.from({ length: 1000 }, (_, i) => named[i % named.length] ?? ''))) {
        asked += 1;
        if (asked === 5) controller.abort();
        yield reference;
      }
    }
    const cancelled = audit({ images: source(), decoder: counter, job: jobOf(2, controller.signal) });
    await expect(cancelled).rejects.toMatchObject({ code: 'run.cancelled' });
    expect(asked).toBe(5);
    expect(counter.checks).toBeLessThanOrEqual(5);
  });

  test('a decoder that cannot be loaded is an error, not a finding', async () => {
    const broken: ImageDecoder = { ...decoder, check: () => Promise.reject(new Error('no decoder')) };
    await expect(audit({ images: referencesOf(['good.jpg', 'other.jpeg']), decoder: broken })).rejects.toThrow('no decoder');
  });
});

test('every planted image defect is found, and nothing else', async () => {
  const dir = join(folder, 'generated');
  await mkdir(dir);
  const outFile = join(dir, 'data.jsonl');
  const { planted } = await generateDataset({
    outFile,
    instances: 400,
    seed: 11,
    format: 'jsonl',
    images: { dir, count: 60, size: 64 },
    plantDuplicates: 12,
    plantDefects: 16,
    defectKinds: ['missing', 'wrongExtension', 'truncated', 'empty', 'html', 'svg', 'lfsPointer', 'orientation'],
  });
  const names = (await readFile(outFile, 'utf8'))
    .trimEnd()
    .split('\n')
    .map((line) => (JSON.parse(line) as { image?: string }).image);
  const images = names.flatMap((image, ordinal) =>
    image === undefined ? [] : [{ ordinal, image, byteStart: 0, byteEnd: 0, line: ordinal + 1 }],
  );
  const { problems, summary } = await audit({ images, resolver: createImageResolver({ roots: [dir] }) });
  const codes = new Map(planted.imageDefects.map((defect) => [defect.image, defect.code]));
  expect(codes.size).toBe(16);
  expect(problems.map(({ ordinal, code }) => [ordinal, code])).toEqual(
    images.filter(({ image }) => codes.has(image)).map(({ ordinal, image }) => [ordinal, codes.get(image)]),
  );
  expect(summary.checked).toBe(new Set(images.map(({ image }) => image)).size);
  expect(summary.ok).toBe(summary.checked - 16);
  expect(summary.duplicates).toBe(planted.imageDuplicates.length);
});
