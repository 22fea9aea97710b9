import type { AtomicFile } from './atomicFile.ts';

/** Files of one result, in order of their renames. Disposal removes those that were not committed. */
export class FileSet implements AsyncDisposable {
  readonly #files: AtomicFile[] = [];

  get all(): readonly AtomicFile[] {
    return this.#files;
  }

  add(file: AtomicFile): AtomicFile {
    this.#files.push(file);
    return file;
  }

  addAll<Written extends { readonly files: readonly AtomicFile[] }>(written: Written): Written {
    this.#files.push(...written.files);
    return written;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const file of this.#files) await file[Symbol.asyncDispose]();
  }
}
