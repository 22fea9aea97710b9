import { mkdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import * as v from 'valibot';
import { EngineError } from '../../jobs/engineError.ts';
import type { JobContext } from '../../jobs/jobContext.ts';
import { writeFileAtomic } from '../../runs/atomicFile.ts';
import { acquireLock } from '../../runs/lock.ts';
import { relativePath } from '../../runs/relativePath.ts';
import { headerSchema, type StagingHeader, stagingVersion } from './events.ts';
import { type JournalPlace, JournalWriter, readJournal } from './journalFile.ts';
import { StagingState } from './stagingState.ts';

const headerName = 'staging.json';
const journalName = 'journal.jsonl';

/** The dataset that a staging folder belongs to; paths absolute. */
export interface StagingSource {
  readonly dataset: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly images: readonly string[] | undefined;
  readonly runDir: string;
}

/** A staging folder as it stands. Reading needs no lock: the journal only grows. */
export class StagingFolder {
  readonly path: string;
  readonly source: StagingSource;
  #state = new StagingState();
  #place: JournalPlace | undefined;
  #reading: Promise<unknown> = Promise.resolve();

  private constructor(path: string, source: StagingSource) {
    this.path = path;
    this.source = source;
  }

  /** @throws EngineError `staging.notFound`, `staging.invalid` */
  static async open(path: string): Promise<StagingFolder> {
    const folder = resolve(path);
    const text = await readFile(join(folder, headerName), 'utf8').catch((error: NodeJS.ErrnoException) => {
      throw new EngineError(
        'staging.notFound',
        `${folder} is no staging folder: it holds no ${headerName} (${error.code}). Make one with ballast synthesize.`,
        { path: folder },
        { cause: error },
      );
    });
    return new StagingFolder(folder, sourceOf(folder, parseHeader(text, folder)));
  }

  /** Opens the folder, making it when it is not there. @throws EngineError `staging.otherDataset` */
  static async obtain(path: string, source: StagingSource): Promise<StagingFolder> {
    const folder = resolve(path);
    const known = await StagingFolder.open(folder).catch((error: unknown) => {
      if (error instanceof EngineError && error.code === 'staging.notFound') return undefined;
      throw error;
    });
    if (!known) {
      await mkdir(join(folder, 'images'), { recursive: true });
      const file = join(folder, headerName);
      const header: StagingHeader = {
        format: 'ballast-staging',
        version: stagingVersion,
        dataset: { path: relativePath(file, source.dataset), sha256: source.sha256, bytes: source.bytes },
        images: source.images?.map((root) => relativePath(file, root)) ?? null,
        runDir: relativePath(file, source.runDir),
      };
      await writeFileAtomic(file, `${JSON.stringify(header, null, 2)}\n`);
      return new StagingFolder(folder, source);
    }
    known.assertOf(source.sha256, source.dataset);
    return known;
  }

  /** @throws EngineError `staging.otherDataset` */
  assertOf(sha256: string, dataset: string): void {
    if (this.source.sha256 === sha256) return;
    throw new EngineError(
      'staging.otherDataset',
      `The candidates in ${this.path} were made from another dataset, or ${dataset} has changed since. Choose another folder with --staging.`,
      { path: this.path, dataset },
    );
  }

  /** The state after all events that are on the disk now. Calls follow each other, so that no event is taken twice. */
  state(): Promise<StagingState> {
    const read = this.#reading.then(() => this.#readOn());
    this.#reading = read.catch(() => undefined);
    return read;
  }

  async #readOn(): Promise<StagingState> {
    const { events, next, isAnother } = await readJournal(join(this.path, journalName), this.#place);
    if (isAnother) this.#state = new StagingState();
    this.#place = next;
    this.#state.take(events);
    return this.#state;
  }

  fileOf(image: string): string {
    return join(this.path, image);
  }

  /** The only writer of the folder until it is disposed; waits while another process writes. */
  async writer(job: JobContext): Promise<StagingWriter> {
    const lock = await acquireLock(join(this.path, 'lock'), job);
    try {
      const writer = new StagingWriter(this.path, await JournalWriter.open(join(this.path, journalName)), lock);
      shared.set(this.path, { writer, users: 1 });
      return writer;
    } catch (error) {
      await lock[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** The writer that this process has already, which appends in turn; else like `writer`. */
  async sharedWriter(job: JobContext): Promise<StagingWriter> {
    const open = shared.get(this.path);
    if (!open) return this.writer(job);
    open.users++;
    return open.writer;
  }
}

/** Writers of this process by folder, and how many use each: a review does not wait for the synthesis that it looks at. */
const shared = new Map<string, { readonly writer: StagingWriter; users: number }>();

export class StagingWriter implements AsyncDisposable {
  readonly #path: string;
  readonly #journal: JournalWriter;
  readonly #lock: AsyncDisposable;

  constructor(path: string, journal: JournalWriter, lock: AsyncDisposable) {
    this.#path = path;
    this.#journal = journal;
    this.#lock = lock;
  }

  append(events: Parameters<JournalWriter['append']>[0]): Promise<void> {
    return this.#journal.append(events);
  }

  /** The last of its users closes it. */
  async [Symbol.asyncDispose](): Promise<void> {
    const use = shared.get(this.#path);
    if (use?.writer === this && --use.users > 0) return;
    shared.delete(this.#path);
    await this.#journal[Symbol.asyncDispose]();
    await this.#lock[Symbol.asyncDispose]();
  }
}

function parseHeader(text: string, folder: string): StagingHeader {
  try {
    return v.parse(headerSchema, JSON.parse(text));
  } catch (error) {
    throw new EngineError(
      'staging.invalid',
      `${join(folder, headerName)} is no header of a staging folder of this version. Choose another folder with --staging.`,
      { path: folder },
      { cause: error },
    );
  }
}

function sourceOf(folder: string, { dataset, images, runDir }: StagingHeader): StagingSource {
  return {
    dataset: resolve(folder, dataset.path),
    sha256: dataset.sha256,
    bytes: dataset.bytes,
    images: images?.map((root) => resolve(folder, root)),
    runDir: resolve(folder, runDir),
  };
}
