import { createHash } from 'node:crypto';
import type { PictureEditor, PictureHead } from '../../runtime/contracts.ts';
import { type AlignmentPyramid, alignmentPyramid, alignmentSide } from './alignment.ts';
import { type LookQuery, lookOf, lookQuery } from './looks.ts';

/** A picture's file with what gates look at, each made once and only when it is asked for. */
export class CandidatePicture {
  readonly bytes: Uint8Array;
  /** Its name, for what the extension promises; empty when it has none. */
  readonly name: string;
  readonly #editor: PictureEditor;
  #head: Promise<PictureHead> | undefined;
  #grey: Promise<Uint8Array | undefined> | undefined;
  #pyramid: AlignmentPyramid | undefined;
  #sha256: string | undefined;

  constructor(bytes: Uint8Array, name: string, editor: PictureEditor) {
    this.bytes = bytes;
    this.name = name;
    this.#editor = editor;
  }

  get sha256(): string {
    this.#sha256 ??= createHash('sha256').update(this.bytes).digest('hex');
    return this.#sha256;
  }

  head(): Promise<PictureHead> {
    this.#head ??= this.#editor.head(this.bytes);
    return this.#head;
  }

  /** 64 x 64 brightness values; undefined when it cannot be decoded. */
  grey(): Promise<Uint8Array | undefined> {
    this.#grey ??= this.#editor.grey(this.bytes, alignmentSide);
    return this.#grey;
  }

  async pyramid(): Promise<AlignmentPyramid | undefined> {
    const grey = await this.grey();
    if (grey) this.#pyramid ??= alignmentPyramid(grey);
    return this.#pyramid;
  }

  async look(): Promise<Int8Array | undefined> {
    const grey = await this.grey();
    return grey && lookOf(grey);
  }

  async query(): Promise<LookQuery | undefined> {
    const grey = await this.grey();
    return grey && lookQuery(grey);
  }
}
