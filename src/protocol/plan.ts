import type { RebalanceRequest } from './requests.ts';

/** A forced verdict. The instance is named by its content, so the plan survives moved and appended records; `ordinal` is for people. */
export interface Override {
  readonly ordinal: number;
  /** 128-bit hash of the record's content, hex, and the ordinal among exact duplicates. */
  readonly content: string;
  readonly duplicate: number;
  readonly verdict: 'keep' | 'drop';
  readonly reason: string;
}

/** Version of the plan file's format. */
export const planVersion = 1;
/** Plan files end like this: the editor's schema applies to them. */
export const planSuffix = '.ballast-plan.json';

/** What a plan decides: a rebalancing without where its result goes. */
export type RebalancePlan = Omit<
  RebalanceRequest,
  | 'output'
  | 'randomControl'
  | 'dryRun'
  | 'threads'
  | 'device'
  | 'runDir'
  | 'top'
  | 'entity'
  | 'entityPerspective'
  | 'export'
  | 'hygieneEffects'
>;

/**
 * Reads a plan file: paths in it are relative to its folder, here absolute. Of a manifest (`*.manifest.json`) it reads what its run was
 * asked for, so that an earlier run can be applied again. The answer never names the file itself (`plan`): whoever applies it unchanged
 * may add that. @see errorCodes `plan.invalid` (data: path, line, key), `plan.notFound`, `manifest.invalid`, `manifest.notFound`
 */
export interface ReadPlanRequest {
  readonly path: string;
  /** The dataset to use instead of the one that the plan names. */
  readonly dataset?: string;
}

/** Writes `NAME.ballast-plan.json`, complete or not at all; another name is refused (`usage`). */
export interface WritePlanRequest {
  readonly path: string;
  readonly plan: RebalancePlan;
}
