import { type FileHandle, open, stat } from 'node:fs/promises';

/**
 * A file of JSON lines that only grows. A line is there when its line feed is: what a killed process left of one is cut off by the next
 * writer and not seen by readers.
 */
export class JournalWriter implements AsyncDisposable {
  readonly #handle: FileHandle;
  #size: number;
  /** Appends follow each other. */
  #last: Promise<unknown> = Promise.resolve();

  private constructor(handle: FileHandle, size: number) {
    this.#handle = handle;
    this.#size = size;
  }

  /** The caller holds the staging folder's lock. */
  static async open(path: string): Promise<JournalWriter> {
    const handle = await open(path, 'a+');
    const { size } = await handle.stat();
    const whole = await endOfLastLine(handle, size);
    if (whole < size) await handle.truncate(whole);
    return new JournalWriter(handle, whole);
  }

  /** The events lie on the disk when this returns: all of a call or, after a kill, the first ones. */
  append(events: readonly object[]): Promise<void> {
    const text = events.map((event) => `${JSON.stringify(event)}\n`).join('');
    const appended = this.#last.then(() => this.#write(Buffer.from(text, 'utf8')));
    this.#last = appended.catch(() => undefined);
    return appended;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#last;
    await this.#handle.close();
  }

  async #write(bytes: Buffer): Promise<void> {
    try {
      for (let done = 0; done < bytes.length; ) done += (await this.#handle.write(bytes, done)).bytesWritten;
      await this.#handle.datasync();
      this.#size += bytes.length;
    } catch (error) {
      // A full disk may have taken half a line: the journal ends where it did before.
      await this.#handle.truncate(this.#size).catch(() => undefined);
      throw error;
    }
  }
}

const chunkBytes = 64 * 1024;

async function endOfLastLine(handle: FileHandle, size: number): Promise<number> {
  const chunk = Buffer.alloc(chunkBytes);
  for (let end = size; end > 0; ) {
    const start = Math.max(0, end - chunkBytes);
    const { bytesRead } = await handle.read(chunk, 0, end - start, start);
    const at = chunk.lastIndexOf(0x0a, bytesRead - 1);
    if (at >= 0) return start + at + 1;
    end = start;
  }
  return 0;
}

/** How far a journal was read. */
export interface JournalPlace {
  readonly offset: number;
  /** Which file it was: a journal that was deleted and begun anew is another one. */
  readonly file: number;
}

export interface JournalPart {
  /** A line that is no JSON is given as undefined. */
  readonly events: readonly unknown[];
  /** Where the following call goes on. */
  readonly next: JournalPlace | undefined;
  /** The events are those of another journal than the one that was read before: they begin anew. */
  readonly isAnother: boolean;
}

/** Reads the whole lines behind a place; all of them without one. */
export async function readJournal(path: string, from?: JournalPlace): Promise<JournalPart> {
  const now = await stat(path).catch(() => undefined);
  if (!now) return { events: [], next: undefined, isAnother: from !== undefined };
  const isAnother = from !== undefined && (now.ino !== from.file || now.size < from.offset);
  const offset = from === undefined || isAnother ? 0 : from.offset;
  if (now.size <= offset) return { events: [], next: { offset, file: now.ino }, isAnother };
  await using handle = await open(path, 'r');
  const bytes = Buffer.alloc(now.size - offset);
  let length = 0;
  while (length < bytes.length) {
    const { bytesRead } = await handle.read(bytes, length, bytes.length - length, offset + length);
    if (bytesRead === 0) break;
    length += bytesRead;
  }
  const end = bytes.subarray(0, length).lastIndexOf(0x0a) + 1;
  const events: unknown[] = [];
  for (let start = 0; start < end; ) {
    const stop = bytes.indexOf(0x0a, start);
    try {
      events.push(JSON.parse(bytes.toString('utf8', start, stop)));
    } catch {
      events.push(undefined);
    }
    start = stop + 1;
  }
  return { events, next: { offset: offset + end, file: now.ino }, isAnother };
}
