import { mkdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import * as v from 'valibot';
import { EngineError } from '../../jobs/engineError.ts';
import type { JobContext } from '../../jobs/jobContext.ts';
import { writeFileAtomic } from '../../runs/atomicFile.ts';
import { acquireLock } from '../../runs/lock.ts';
import { relativePath } from '../../runs/relativePath.ts';
import { headerSchema, type StagingHeader, stagingVersion } from './events.ts';
import { JournalWriter, readJournal } from './journalFile.ts';
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
  readonly #state = new StagingState();
  #offset = 0;

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

  /** The state after all events that are on the disk now. */
  async state(): Promise<StagingState> {
    const { events, next } = await readJournal(join(this.path, journalName), this.#offset);
    this.#offset = next;
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
      return new StagingWriter(await JournalWriter.open(join(this.path, journalName)), lock);
    } catch (error) {
      await lock[Symbol.asyncDispose]();
      throw error;
    }
  }
}

export class StagingWriter implements AsyncDisposable {
  readonly #journal: JournalWriter;
  readonly #lock: AsyncDisposable;

  constructor(journal: JournalWriter, lock: AsyncDisposable) {
    this.#journal = journal;
    this.#lock = lock;
  }

  append(events: Parameters<JournalWriter['append']>[0]): Promise<void> {
    return this.#journal.append(events);
  }

  async [Symbol.asyncDispose](): Promise<void> {
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
