import { join } from 'node:path';
import type { ProblemCode } from '../../../protocol/dataset.ts';
import { readJson, readNpy } from '../../runs/npy.ts';
import type { Dataset } from '../dataset.ts';
import { recordProblemCodes } from '../indexBuilder.ts';

interface BitNames {
  readonly problemBits: readonly ProblemCode[];
}

/** Problems of every record, complete where the dataset's list of problems is cut: per ordinal one bit per code of `recordProblemCodes`. */
export async function readProblemBits(dataset: Dataset): Promise<Uint16Array> {
  const all = new Uint16Array(dataset.records);
  for (const { indexFolder, indexFirst, firstOrdinal, records } of dataset.parts) {
    const [{ problemBits }, bits] = await Promise.all([
      readJson<BitNames>(join(indexFolder, 'index.json')),
      readNpy(join(indexFolder, 'problems.npy'), '<u2'),
    ]);
    const places = problemBits.map((code) => recordProblemCodes.indexOf(code));
    for (let i = 0; i < records; i++) {
      const own = bits[indexFirst + i] as number;
      if (own === 0) continue;
      let known = 0;
      for (const [bit, place] of places.entries()) if ((own >> bit) & 1 && place >= 0) known |= 1 << place;
      all[firstOrdinal + i] = known;
    }
  }
  return all;
}

/** Codes of a record's bits. */
export function problemsOf(bits: number): ProblemCode[] {
  return recordProblemCodes.filter((_, bit) => (bits >> bit) & 1);
}
