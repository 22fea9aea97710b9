import { join } from 'node:path';
import { type Problem, type ProblemCode, problemCodes } from '../../protocol/dataset.ts';
import { ArtifactFile, writeArray } from './artifactFile.ts';
import type { BatchResult } from './parseBatch.ts';
import type { FramingFinding } from './scanner.ts';
import type { TextColumn } from './textColumn.ts';

/** Problems kept of each code; the counts go on. */
const problemsKept = 10_000;

/** Codes that a record may have, in order of their bits in `problems.npy`, which knows them all where the list of problems is cut. */
export const recordProblemCodes: readonly ProblemCode[] = problemCodes.filter((code) => code.startsWith('record.'));

/** A problem before its line is known. */
export type UnplacedProblem = Omit<Problem, 'line'>;

export interface Finding {
  readonly code: FramingFinding;
  readonly at: number;
}

/** Commas are findings of the file: one each, however often they occur. */
const commaMessages: Readonly<Partial<Record<ProblemCode, string>>> = {
  'file.trailingComma': 'A comma stands behind the last record',
  'file.missingComma': 'The comma between two records is missing',
  'file.extraComma': 'A comma stands where none belongs',
};

/** Collects the index of one file, batch by batch, in order. Ids and image paths go to disk at once. */
export class IndexBuilder implements AsyncDisposable {
  readonly #folder: string;
  readonly #ids: ArtifactFile;
  readonly #images: ArtifactFile;
  readonly #idOffsets = new OffsetList();
  readonly #imageOffsets = new OffsetList();
  readonly #batches: Pick<BatchResult, 'start' | 'end' | 'flags' | 'turns' | 'imageCounts'>[] = [];
  readonly #problems = new Map<ProblemCode, UnplacedProblem[]>();
  readonly #counts = new Map<ProblemCode, number>();
  readonly #commas = new Map<ProblemCode, { at: number; count: number }>();
  /** Per ordinal, one bit per code of `recordProblemCodes`. */
  #bits = new Uint16Array(1 << 12);
  #records = 0;
  #longest = 0;

  private constructor(folder: string, ids: ArtifactFile, images: ArtifactFile) {
    this.#folder = folder;
    this.#ids = ids;
    this.#images = images;
  }

  static async create(folder: string): Promise<IndexBuilder> {
    const ids = await ArtifactFile.create(join(folder, 'ids.utf8'));
    return new IndexBuilder(folder, ids, await ArtifactFile.create(join(folder, 'images.utf8')));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#ids[Symbol.asyncDispose]();
    await this.#images[Symbol.asyncDispose]();
  }

  get records(): number {
    return this.#records;
  }

  /** Bytes of the longest usable record so far. */
  get longest(): number {
    return this.#longest;
  }

  async add(result: BatchResult): Promise<void> {
    for (const { code, index, start, end, message } of result.problems) {
      this.problem({ code, ordinal: index < 0 ? -1 : this.#records + index, byteStart: start, byteEnd: end, message });
    }
    this.#records += result.count;
    this.#longest = Math.max(this.#longest, result.longest);
    const { start, end, flags, turns, imageCounts } = result;
    this.#batches.push({ start, end, flags, turns, imageCounts });
    await this.#append(this.#ids, this.#idOffsets, result.ids);
    await this.#append(this.#images, this.#imageOffsets, result.images);
  }

  problem(problem: UnplacedProblem): void {
    const list = this.#problems.get(problem.code) ?? [];
    this.#problems.set(problem.code, list);
    if (list.length < problemsKept) list.push(problem);
    this.#counts.set(problem.code, (this.#counts.get(problem.code) ?? 0) + 1);
    this.#mark(problem);
  }

  #mark({ code, ordinal }: UnplacedProblem): void {
    const bit = recordProblemCodes.indexOf(code);
    if (ordinal < 0 || bit < 0) return;
    if (ordinal >= this.#bits.length) {
      const grown = new Uint16Array(Math.max(this.#bits.length * 2, ordinal + 1));
      grown.set(this.#bits);
      this.#bits = grown;
    }
    this.#bits[ordinal] = (this.#bits[ordinal] as number) | (1 << bit);
  }

  finding({ code, at }: Finding): void {
    if (code === 'file.strayCloser') {
      this.problem({ code, ordinal: -1, byteStart: at, byteEnd: at + 1, message: `Closing bracket without an opening one at byte ${at}.` });
      return;
    }
    const seen = this.#commas.get(code);
    if (seen) seen.count++;
    else this.#commas.set(code, { at, count: 1 });
  }

  /** Writes everything but the lines of problems, which need the file once more. */
  async finish(): Promise<{
    readonly problems: readonly UnplacedProblem[];
    readonly counts: Readonly<Partial<Record<ProblemCode, number>>>;
  }> {
    for (const [code, { at, count }] of this.#commas) {
      const message = `${commaMessages[code]} at byte ${at}${count > 1 ? `, and at ${count - 1} more places` : ''}.`;
      this.problem({ code, ordinal: -1, byteStart: at, byteEnd: at + 1, message });
    }
    await this.#ids.finish();
    await this.#images.finish();
    await writeArray(join(this.#folder, 'ids.offsets.npy'), this.#idOffsets.take());
    await writeArray(join(this.#folder, 'images.offsets.npy'), this.#imageOffsets.take());
    await writeArray(join(this.#folder, 'start.npy'), this.#join('start', new Float64Array(this.#records)));
    await writeArray(join(this.#folder, 'end.npy'), this.#join('end', new Float64Array(this.#records)));
    await writeArray(join(this.#folder, 'flags.npy'), this.#join('flags', new Uint8Array(this.#records)));
    await writeArray(join(this.#folder, 'turns.npy'), this.#join('turns', new Uint32Array(this.#records)));
    await writeArray(join(this.#folder, 'imageCounts.npy'), this.#join('imageCounts', new Uint32Array(this.#records)));
    const bits = new Uint16Array(this.#records);
    bits.set(this.#bits.subarray(0, this.#records));
    await writeArray(join(this.#folder, 'problems.npy'), bits);
    const problems = [...this.#problems.values()]
      .flat()
      .sort((a, b) => a.byteStart - b.byteStart || a.byteEnd - b.byteEnd || (a.code < b.code ? -1 : 1));
    return { problems, counts: Object.fromEntries(this.#counts) };
  }

  #join<Whole extends Float64Array | Uint8Array | Uint32Array>(
    name: 'start' | 'end' | 'flags' | 'turns' | 'imageCounts',
    whole: Whole,
  ): Whole {
    let at = 0;
    for (const batch of this.#batches) {
      whole.set(batch[name], at);
      at += batch[name].length;
    }
    return whole;
  }

  async #append(file: ArtifactFile, offsets: OffsetList, column: TextColumn): Promise<void> {
    offsets.addLengths(column.lengths);
    await file.append(column.bytes);
  }
}

/** Offsets of a string table that grows. */
class OffsetList {
  #offsets = new Float64Array(1 << 12);
  #count = 0;
  #last = 0;

  addLengths(lengths: Uint32Array): void {
    if (this.#count + lengths.length + 1 > this.#offsets.length) {
      const grown = new Float64Array(Math.max(this.#offsets.length * 2, this.#count + lengths.length + 1));
      grown.set(this.#offsets);
      this.#offsets = grown;
    }
    for (const length of lengths) this.#offsets[++this.#count] = this.#last += length;
  }

  take(): Float64Array {
    return this.#offsets.subarray(0, this.#count + 1);
  }
}
