import type { DatasetFormat, DatasetVariant } from './dataset.ts';

/** `OUT.manifest.json`: everything needed to derive the output again. Paths are relative to the manifest's folder, with `/`. */
export interface Manifest {
  readonly ballastVersion: string;
  readonly command: string;
  readonly source: {
    readonly path: string;
    /** How the source was named where that is more than its path: `dataset_info.json#name`, relative like `path`. */
    readonly openedAs?: string;
    readonly bytes: number;
    readonly sha256: string;
    readonly format: DatasetFormat;
    readonly variant: DatasetVariant;
    readonly parts?: readonly { readonly path: string; readonly bytes: number; readonly sha256: string }[];
  };
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly seed: number;
  readonly sampler: string;
  /** SHA-256, hex, of the kept ordinals ascending as little-endian u32. */
  readonly selectionHash: string;
  readonly counts: Readonly<Record<string, number>>;
  readonly outputs: readonly {
    readonly path: string;
    readonly sha256: string;
    readonly bytes: number;
    readonly role: 'selection' | 'control' | 'part';
  }[];
  readonly stages: readonly {
    readonly name: string;
    readonly inputHash: string;
    readonly parameterHash: string;
    readonly seconds: number;
  }[];
  /** The kept ordinals: one bit per ordinal (lowest bit of a byte first), raw-deflated, base64. */
  readonly kept: { readonly records: number; readonly deflatedBits: string };
  readonly device: { readonly requested: string; readonly used: string };
  readonly verbatim: boolean;
}
