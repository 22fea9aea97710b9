import type { FeatureLayout } from './clustering.ts';
import type { OutputFile } from './reports.ts';
import type { DatasetRequest } from './requests.ts';

/** Known sources of features; those that need a model say so when they are asked. */
export const featureProviderNames = ['builtin', 'file', 'clip', 'siglip', 'vlm'] as const;
export type FeatureProviderName = (typeof featureProviderNames)[number];

export interface FeaturesRequest extends DatasetRequest {
  readonly provider: FeatureProviderName;
  /** `.npy` file with one row per instance; only for provider `file`. */
  readonly file?: string;
  readonly layout?: FeatureLayout;
  /** Copy of all rows as one `.npy` file; what it was made from is written beside it as `<export>.features.json`. */
  readonly export?: string;
}

export interface FeaturesReport {
  readonly provider: FeatureProviderName;
  readonly model: string;
  /** Instances: row i belongs to the i-th. */
  readonly rows: number;
  readonly dimensions: number;
  readonly dtype: 'float16' | 'float32';
  /** The `.npy` file of all rows. */
  readonly path: string;
  readonly sha256: string;
  readonly layout?: FeatureLayout;
  /** Instances whose visual half is zero: they name no image, none that can be read, or none that can be decoded. */
  readonly withoutImage?: { readonly textOnly: number; readonly missing: number; readonly undecodable: number };
  readonly exported?: OutputFile;
  readonly reused: readonly string[];
  readonly seconds: number;
}
