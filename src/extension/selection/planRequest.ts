import * as path from 'node:path';
import type { RebalancePlan } from '../../protocol/plan.ts';
import type { DatasetRequest, RebalanceRequest } from '../../protocol/requests.ts';
import type { WhatIfRequest } from '../../protocol/whatIf.ts';
import { type Exists, freeOutputPath } from './outputPath.ts';
import { normalized } from './planKnobs.ts';

/** Where the result of a plan goes. */
export interface Destination {
  readonly output: string;
  readonly randomControl?: string;
  /** Plan file that says the same; only the manifest names it. */
  readonly plan?: string;
}

/**
 * The request that applies a plan: the one for the panel, the plan file, the quick pick and (spelled as options) the command line, so that
 * all of them write the same bytes. `base` is what the settings say; image roots of the plan come before those of the settings.
 */
export function rebalanceRequestOf(base: DatasetRequest, plan: RebalancePlan, to: Destination): RebalanceRequest {
  return { ...whatIfRequestOf(base, plan), ...to };
}

/** The request that asks what a plan would give. */
export function whatIfRequestOf(base: DatasetRequest, plan: RebalancePlan): WhatIfRequest {
  return { ...base, ...normalized(plan), dataset: base.dataset };
}

/** Free names beside the source for the result and, when wanted, the random control. Of `dataset_info.json#name` the file counts. */
export async function freeDestination(source: string, exists: Exists, withControl: boolean): Promise<Destination> {
  const isTaken: Exists = async (file) => (await exists(file)) || (withControl && (await exists(controlPathOf(file))));
  const output = await freeOutputPath(source.replace(/(\.json)#[^/\\]*$/i, '$1'), isTaken);
  return destinationAt(output, withControl);
}

/** A result at a place that the user chose, and the random control beside it when wanted. */
export function destinationAt(output: string, withControl: boolean): Destination {
  return withControl ? { output, randomControl: controlPathOf(output) } : { output };
}

/** `data.rebalanced.json` -> `data.rebalanced.random.json`. */
function controlPathOf(output: string): string {
  const { dir, name, ext } = path.parse(output);
  return path.join(dir, `${name}.random${ext}`);
}
