/** Closed set of reasons why a request fails. The host turns a code and its data into a localised sentence. */
export const errorCodes = [
  'usage',
  'dataset.notFound',
  'dataset.unreadable',
  'dataset.notADataset',
  'dataset.encoding',
  'dataset.lfsPointer',
  'dataset.empty',
  'dataset.changed',
  'dataset.noParquetReader',
  'entities.importInvalid',
  'entities.perspectiveEmpty',
  'arrays.invalid',
  'clustering.notFound',
  'cluster.notFound',
  'selection.unreachable',
  'selection.emptyByConstruction',
  'instance.notFound',
  'entity.notFound',
  'manifest.invalid',
  'manifest.notFound',
  'plan.notFound',
  'plan.invalid',
  'output.wouldOverwriteSource',
  'output.noSpace',
  'output.noPermission',
  'run.locked',
  'run.cancelled',
  'device.unavailable',
  'compute.crashed',
  'compute.noMemory',
  'features.noModel',
  'synthesis.notAvailable',
  'synthesis.endpoint',
  'staging.notFound',
  'staging.invalid',
  'staging.otherDataset',
  'review.refused',
  'compose.infeasible',
  'compose.unsupported',
  'internal',
] as const;

export type ErrorCode = (typeof errorCodes)[number];

/** What crosses the wire and, with `--json`, stdout. */
export interface ErrorReport {
  readonly code: ErrorCode;
  /** English sentence: what was wrong, where, what to do. */
  readonly message: string;
  /** Facts for a localised sentence: path, line, byteStart, option, ... */
  readonly data: Readonly<Record<string, string | number | boolean | null>>;
}
