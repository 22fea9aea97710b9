import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { type JobContext, throwIfCancelled } from '../jobs/jobContext.ts';
import { type Dataset, partOf, recordFlags } from './dataset.ts';

/** How many records pass between two looks at the cancel signal. */
const batch = 256;

/**
 * Compares the output's records, in order, with the source's records of the kept ordinals, byte by byte.
 *
 * @param added SHA-256, hex, of the records that follow them
 * @returns the first difference as a sentence, or undefined when there is none
 */
export async function compareRecords(
  source: Dataset,
  kept: Uint32Array,
  output: Dataset,
  job: JobContext,
  added: readonly string[] = [],
): Promise<string | undefined> {
  const wanted = kept.length + added.length;
  if (output.instances !== wanted) return `${output.path} holds ${output.instances} instances, the manifest ${wanted}`;
  await using files = new OpenFiles();
  let position = 0;
  for (let ordinal = 0; ordinal < output.records; ordinal++) {
    if (!((output.flags[ordinal] ?? 0) & recordFlags.usable)) continue;
    if (position % batch === 0) {
      throwIfCancelled(job);
      job.report({ stage: 'verify', done: position, total: wanted, unit: 'records' });
    }
    if (position >= kept.length) {
      const sha256 = createHash('sha256')
        .update(await files.record(output, ordinal))
        .digest('hex');
      if (sha256 !== added[position - kept.length])
        return `record ${ordinal} of ${output.path} (byte ${output.start[ordinal]}) is not the synthetic instance of the manifest`;
      position++;
      continue;
    }
    const from = kept[position] ?? 0;
    const [theirs, ours] = await Promise.all([files.record(source, from), files.record(output, ordinal)]);
    if (!theirs.equals(ours))
      return `record ${ordinal} of ${output.path} (byte ${output.start[ordinal]}) differs from instance ${from} of the source (byte ${source.start[from]})`;
    position++;
  }
  return undefined;
}

/** Read-only handles by path, opened on first use. */
class OpenFiles implements AsyncDisposable {
  readonly #handles = new Map<string, ReturnType<typeof open>>();

  async record(dataset: Dataset, ordinal: number): Promise<Buffer> {
    const { textPath } = partOf(dataset, ordinal);
    const opened = this.#handles.get(textPath) ?? open(textPath, 'r');
    this.#handles.set(textPath, opened);
    const start = dataset.start[ordinal] ?? 0;
    const bytes = Buffer.alloc((dataset.end[ordinal] ?? 0) - start);
    await (await opened).read(bytes, 0, bytes.byteLength, start);
    return bytes;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const opened of this.#handles.values()) await (await opened).close();
  }
}
