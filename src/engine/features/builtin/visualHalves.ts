import { closeSync, openSync, readSync } from 'node:fs';
import type { ImageList } from '../../dataset/imageList.ts';
import { npyHeader } from '../../runs/npy.ts';
import type { Features } from '../featureMatrix.ts';
import { normalize, visualDimensions } from './visualDescriptor.ts';
import { imageStatus } from './visualRows.ts';

/** The visual half of each instance, from the descriptors of its images. */
export class VisualHalves implements Disposable {
  readonly #file: number;
  readonly #offset: number;
  readonly #list: ImageList;
  readonly #status: Uint8Array;
  readonly #row = new Float32Array(visualDimensions);
  readonly #counts = { textOnly: 0, missing: 0, undecodable: 0 };
  #inRow = -1;

  /** @param path `visual.npy` of the list's images @param status of each image */
  constructor(path: string, list: ImageList, status: Uint8Array) {
    this.#file = openSync(path, 'r');
    this.#offset = npyHeader('<f4', [list.images.length, visualDimensions]).byteLength;
    this.#list = list;
    this.#status = status;
  }

  /** Instances copied so far that have none, by reason. */
  get without(): NonNullable<Features['withoutImage']> {
    return { ...this.#counts };
  }

  /** Copies the half of an instance: its image's descriptor, the mean direction of several, zero without any. */
  copy(instance: number, target: Float64Array): void {
    target.fill(0);
    const first = this.#list.offsets[instance] as number;
    const end = this.#list.offsets[instance + 1] as number;
    let described = 0;
    let undecodable = 0;
    for (let i = first; i < end; i++) {
      const image = this.#list.imageOf[i] as number;
      if (this.#status[image] === imageStatus.undecodable) undecodable++;
      if (this.#status[image] !== imageStatus.described) continue;
      this.#read(image);
      for (let k = 0; k < visualDimensions; k++) target[k] = (target[k] as number) + (this.#row[k] as number);
      described++;
    }
    if (described > 0) normalize(target);
    else if (first === end) this.#counts.textOnly++;
    else if (undecodable > 0) this.#counts.undecodable++;
    else this.#counts.missing++;
  }

  [Symbol.dispose](): void {
    closeSync(this.#file);
  }

  #read(image: number): void {
    if (image === this.#inRow) return;
    const bytes = new Uint8Array(this.#row.buffer);
    const from = this.#offset + image * bytes.byteLength;
    for (let done = 0; done < bytes.byteLength; ) {
      const read = readSync(this.#file, bytes, done, bytes.byteLength - done, from + done);
      if (read === 0) throw new RangeError(`visual.npy has no row ${image}`);
      done += read;
    }
    this.#inRow = image;
  }
}
