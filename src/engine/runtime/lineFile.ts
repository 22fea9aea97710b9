import { type FileHandle, open } from 'node:fs/promises';

const blockLength = 1 << 20;

/** Text lines to a file in blocks of about 1 MB. */
export interface LineFile {
  /** Writes when a block is full; the promise must be awaited before the next call. */
  write(line: string): Promise<void> | undefined;
  close(): Promise<void>;
}

export async function createLineFile(path: string): Promise<LineFile> {
  const handle: FileHandle = await open(path, 'w');
  let pending = '';
  const flush = async () => {
    const block = pending;
    pending = '';
    await handle.writeFile(block);
  };
  return {
    write(line) {
      pending += `${line}\n`;
      return pending.length >= blockLength ? flush() : undefined;
    },
    async close() {
      try {
        if (pending !== '') await flush();
      } finally {
        await handle.close();
      }
    },
  };
}
