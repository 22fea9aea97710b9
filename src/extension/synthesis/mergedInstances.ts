import * as path from 'node:path';
import type { EngineHost } from '../engine/engineHost.ts';

/** Synthetic instances of the newest composition that took from a staging folder; undefined where there is none. */
export async function mergedInstances(engine: EngineHost, runDir: string, staging: string): Promise<number | undefined> {
  const { runs } = await engine.request('runs/list', { runDirs: [runDir] });
  const wanted = path.resolve(staging);
  const composed = runs.find(({ command, facts, manifest }) => {
    const sources = facts?.parameters.synthetic;
    // The manifest names folders from where it lies.
    const folders = Array.isArray(sources) ? sources.map((one) => path.resolve(path.dirname(manifest), String(one))) : [];
    return command === 'compose' && folders.includes(wanted);
  });
  return composed?.facts?.counts.synthetic;
}

/** Folder of a dataset's runs. */
export function runDirOf({ dataset, runDir }: { readonly dataset: string; readonly runDir?: string }): string {
  return runDir ?? path.join(path.dirname(dataset.replace(/(\.json)#[^/\\]*$/i, '$1')), '.ballast');
}
