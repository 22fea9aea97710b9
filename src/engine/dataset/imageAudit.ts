import { createHash } from 'node:crypto';
import * as nodePath from 'node:path';
import type { Problem, ProblemCode } from '../../protocol/dataset.ts';
import { type JobContext, throttleProgress, throwIfCancelled } from '../jobs/jobContext.ts';
import type { ImageDecoder, ImageFailure } from '../runtime/contracts.ts';
import { oneSpelling } from './imageList.ts';
import { type ImageResolver, openImage } from './imageResolver.ts';

/** An image named by a record, with the record's place. */
export interface ImageReference {
  readonly ordinal: number;
  /** As the record spells it; the same spelling means the same image, unless there is `load`. */
  readonly image: string;
  readonly byteStart: number;
  readonly byteEnd: number;
  readonly line: number;
  /** File of the record, when it is not the dataset itself. */
  readonly file?: string;
  /** Bytes of an image that the dataset embeds; the resolver is not asked then. */
  readonly load?: () => Promise<Uint8Array>;
}

export interface ImageAudit {
  readonly images: Iterable<ImageReference> | AsyncIterable<ImageReference>;
  readonly resolver: ImageResolver;
  readonly decoder: ImageDecoder;
  readonly job: JobContext;
  /** Distinct images, for the progress; 0 when unknown. */
  readonly total?: number;
}

export interface ImageAuditSummary {
  /** Distinct images, by spelling. */
  readonly checked: number;
  /** Of these, without any finding. */
  readonly ok: number;
  /** Images whose bytes equal an earlier image's. */
  readonly duplicates: number;
  /** Images with other bytes, but with an earlier image's perceptual hash. */
  readonly nearDuplicates: number;
}

interface Finding {
  readonly code: ProblemCode;
  readonly message: string;
}

/** Findings of one image; the same empty list for every good one, so that hundreds of thousands cost little. */
type Findings = readonly Finding[];
const noFindings: Findings = [];

/** References that may wait behind a slow image, so that the findings come in the order of the records. */
const maxWaiting = 4096;

/**
 * Looks at every image that the records name. Each is read and decoded once; its findings are yielded for each record that names it,
 * in the order of the records. The generator's return value is the summary.
 * @throws EngineError `run.cancelled`; RuntimeUnavailable when there is no decoder
 */
export async function* auditImages({ images, resolver, decoder, job, total = 0 }: ImageAudit): AsyncGenerator<Problem, ImageAuditSummary> {
  const counts: Counts = { checked: 0, ok: 0, duplicates: 0, nearDuplicates: 0, byteHashes: new Set(), looks: new Set() };
  const report = throttleProgress((progress) => job.report(progress));
  /** Findings by spelling; a promise while the image is being looked at. */
  const known = new Map<string, Findings | Promise<Findings>>();
  const waiting: { readonly reference: ImageReference; readonly findings: Findings | Promise<Findings> }[] = [];
  let busy = 0;

  const look = async (key: string | undefined, reference: ImageReference): Promise<Findings> => {
    busy += 1;
    try {
      const findings = await findingsOf(reference, resolver, decoder, counts);
      if (key !== undefined) known.set(key, findings);
      counts.checked += 1;
      if (findings.length === 0) counts.ok += 1;
      report({ stage: 'images', done: counts.checked, total, unit: 'images' });
      return findings;
    } finally {
      busy -= 1;
    }
  };

  try {
    for await (const reference of images) {
      throwIfCancelled(job);
      const key = keyOf(reference);
      let findings = key === undefined ? undefined : known.get(key);
      if (findings === undefined) {
        findings = look(key, reference);
        if (key !== undefined) known.set(key, findings);
        // A failure is met where its turn comes; until then it must not count as unhandled.
        findings.catch(() => {});
      }
      waiting.push({ reference, findings });
      while (waiting.length > 0 && (busy > job.threads || waiting.length > maxWaiting || !(waiting[0]?.findings instanceof Promise))) {
        yield* problemsOf(waiting.shift());
        throwIfCancelled(job);
      }
    }
    while (waiting.length > 0) {
      yield* problemsOf(waiting.shift());
      throwIfCancelled(job);
    }
  } finally {
    // Nothing may still be reading images after the answer.
    await Promise.allSettled(waiting.map(({ findings }) => findings));
  }
  const { checked, ok, duplicates, nearDuplicates } = counts;
  report({ stage: 'images', done: checked, total: checked, unit: 'images' });
  return { checked, ok, duplicates, nearDuplicates };
}

/** A data URL is no text to keep hundreds of thousands of. */
const maxKeyLength = 1024;

/** What makes two references mean the same image. Embedded pictures often share a stored path, `image.png` say: each is its own. */
function keyOf({ image, load }: ImageReference): string | undefined {
  if (load !== undefined) return undefined;
  if (image.length > maxKeyLength) return createHash('sha256').update(image).digest('hex');
  return oneSpelling(image);
}

/** An image path as messages show it. */
function shown(image: string): string {
  return JSON.stringify(image.length > maxShown ? `${image.slice(0, maxShown)}…` : image);
}
const maxShown = 200;

async function* problemsOf(
  entry: { readonly reference: ImageReference; readonly findings: Findings | Promise<Findings> } | undefined,
): AsyncGenerator<Problem> {
  if (entry === undefined) return;
  const { ordinal, byteStart, byteEnd, line, image, file } = entry.reference;
  for (const { code, message } of await entry.findings) {
    yield { code, ordinal, byteStart, byteEnd, line, message, image, ...(file === undefined ? {} : { file }) };
  }
}

interface Counts {
  checked: number;
  ok: number;
  duplicates: number;
  nearDuplicates: number;
  /** First 16 bytes of each SHA-256, and each pHash: about 100 bytes per image together. */
  readonly byteHashes: Set<string>;
  readonly looks: Set<string>;
}

async function findingsOf(reference: ImageReference, resolver: ImageResolver, decoder: ImageDecoder, counts: Counts): Promise<Findings> {
  const { image } = reference;
  const read = reference.load === undefined ? await readFile(image, resolver) : { bytes: await reference.load() };
  if ('finding' in read) return [read.finding];
  const check = await decoder.check(read.bytes);
  if (!check.ok)
    return [{ code: failureCodes[check.failure], message: `The image ${shown(image)} ${failureWords[check.failure]}: ${check.detail}.` }];
  countDuplicate(read.bytes, check.phash, counts);
  const findings: Finding[] = [];
  const { format, orientation } = check.info;
  const expected = reference.load === undefined ? formatOfExtension(image) : undefined;
  if (expected !== undefined && expected !== format) {
    findings.push({
      code: 'image.wrongExtension',
      message: `The image ${shown(image)} has the extension of ${expected} but is ${format}.`,
    });
  }
  if (orientation !== 1) {
    findings.push({
      code: 'image.orientation',
      message: `The image ${shown(image)} has EXIF orientation ${orientation}: viewers turn it, training code does not.`,
    });
  }
  return findings.length === 0 ? noFindings : findings;
}

async function readFile(image: string, resolver: ImageResolver): Promise<{ readonly bytes: Uint8Array } | { readonly finding: Finding }> {
  const resolution = await resolver.resolve(image);
  if (resolution.kind === 'refused') {
    return { finding: { code: 'image.refused', message: `The image path ${shown(image)} was refused: ${resolution.reason}.` } };
  }
  if (resolution.kind === 'missing') {
    return {
      finding: { code: 'image.missing', message: `The image ${shown(image)} does not exist; looked for ${resolution.tried.join(', ')}.` },
    };
  }
  const opened = await openImage(resolution);
  switch (opened.kind) {
    case 'ok':
      return { bytes: opened.bytes };
    case 'tooLarge':
      return {
        finding: {
          code: 'image.tooLarge',
          message: `The image ${shown(image)} is a file of ${opened.size} bytes, too large for an image.`,
        },
      };
    case 'refused':
      return { finding: { code: 'image.refused', message: `The image path ${shown(image)} was refused: ${opened.reason}.` } };
    case 'unreadable':
      return { finding: { code: 'image.undecodable', message: `The image ${shown(image)} cannot be read: ${opened.reason}.` } };
  }
}

function countDuplicate(bytes: Uint8Array, phash: string, counts: Counts): void {
  const byteHash = createHash('sha256').update(bytes).digest().toString('latin1', 0, 16);
  if (counts.byteHashes.has(byteHash)) {
    counts.duplicates += 1;
    return;
  }
  counts.byteHashes.add(byteHash);
  if (counts.looks.has(phash)) counts.nearDuplicates += 1;
  else counts.looks.add(phash);
}

const failureCodes: Readonly<Record<ImageFailure, ProblemCode>> = {
  empty: 'image.empty',
  unsupported: 'image.unsupported',
  undecodable: 'image.undecodable',
  tooLarge: 'image.tooLarge',
};

const failureWords: Readonly<Record<ImageFailure, string>> = {
  empty: 'is empty',
  unsupported: 'is not supported',
  undecodable: 'is damaged',
  tooLarge: 'is too large',
};

/** Other extensions, or none, promise no format. */
const formatsByExtension: Readonly<Record<string, string>> = {
  jpg: 'jpeg',
  jpeg: 'jpeg',
  jpe: 'jpeg',
  jfif: 'jpeg',
  png: 'png',
  gif: 'gif',
  webp: 'webp',
  tif: 'tiff',
  tiff: 'tiff',
  avif: 'avif',
  bmp: 'bmp',
};

function formatOfExtension(image: string): string | undefined {
  return formatsByExtension[nodePath.posix.extname(image).slice(1).toLowerCase()];
}
