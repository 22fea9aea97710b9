import { type DatasetPart, recordFlags } from './dataset.ts';
import type { OpenedPart } from './partIndex.ts';

/** Place of a part in its dataset. */
export interface PartPlace {
  readonly imageRoots: readonly string[];
  readonly firstOrdinal: number;
  readonly indexFirst: number;
  readonly records: number;
  readonly name?: string;
}

export function datasetPart({ path, textPath, modifiedNs, artifact, index }: OpenedPart, place: PartPlace): DatasetPart {
  const { kind, framing, recordsFrom, view, bytes, sha256 } = index;
  return {
    path,
    textPath,
    kind,
    framing,
    recordsFrom,
    view,
    bytes,
    modifiedNs,
    sha256,
    indexFolder: artifact.folder,
    indexRecords: index.records,
    ...place,
  };
}

export function countUsable(flags: Uint8Array): number {
  let usable = 0;
  for (const flag of flags) usable += flag & recordFlags.usable;
  return usable;
}
