import { stat } from 'node:fs/promises';
import { type Verdict, verdicts } from '../../../protocol/browse.ts';
import type { Override } from '../../../protocol/plan.ts';
import type { CodedProperty } from '../../dataset/browse/facetQuery.ts';
import { type Dataset, recordFlags } from '../../dataset/dataset.ts';
import { obtainInstanceKeys } from '../../dataset/instanceKeys.ts';
import type { EngineDeps } from '../../engineDeps.ts';
import { EngineError } from '../../jobs/engineError.ts';
import type { JobContext } from '../../jobs/jobContext.ts';
import { matchOverrides } from '../../selection/overrides.ts';
import { unpackKept } from '../../selection/selection.ts';
import { openComposeManifest } from '../composeManifest.ts';
import { openManifest } from '../manifestFile.ts';
import { type OpenSelectManifest, openSelectManifest } from '../selectManifest.ts';
import { RecentMap } from './recentMap.ts';

/** Manifests whose verdicts are kept. */
const manifestLimit = 4;

/** Verdicts of a run on every instance. */
export interface RunVerdicts {
  /** Changes with the verdicts. */
  readonly key: string;
  readonly property: CodedProperty;
  /** Nonzero per ordinal whose verdict an override forced; undefined when the run had none. */
  readonly forced: Uint8Array | undefined;
  /** Absolute path of the manifest. */
  readonly manifest: string;
  /** The manifest, when a strategy made the run; undefined for a rebalancing. */
  readonly select: OpenSelectManifest | undefined;
}

/** Opens the verdicts of runs once, until their manifest changes. */
export class VerdictMemory {
  readonly #deps: EngineDeps;
  readonly #known = new RecentMap<string, RunVerdicts>(manifestLimit);

  constructor(deps: EngineDeps) {
    this.#deps = deps;
  }

  /** @throws EngineError `dataset.changed` when the run was about another source; `manifest.notFound`, `manifest.invalid` */
  async open(dataset: Dataset, path: string, job: JobContext): Promise<RunVerdicts> {
    const stats = await stat(path, { bigint: true }).catch(() => undefined);
    const key = JSON.stringify([path, String(stats?.size), String(stats?.mtimeNs), String(stats?.ino), dataset.identity]);
    const known = stats && this.#known.get(key);
    if (known) return known;
    const select = await openSelectManifest(path);
    // A composition's verdicts are those of its selection.
    const manifest = select ?? (await openComposeManifest(path)) ?? (await openManifest(path));
    assertSource(manifest, dataset, select ? 'select' : 'rebalance');
    const kept = unpackKept(manifest.kept.deflatedBits, manifest.kept.records);
    if (!kept || manifest.kept.records !== dataset.records) {
      throw new EngineError(
        'manifest.invalid',
        `${manifest.path} names the verdicts of ${manifest.kept.records} records; ${dataset.path} has ${dataset.records}. Was it edited?`,
        { path: manifest.path },
      );
    }
    const verdicts: RunVerdicts = {
      key,
      property: verdictProperty(dataset, kept),
      forced:
        'overrides' in manifest.request ? await forcedInstances(dataset, manifest.request.overrides ?? [], this.#deps, job) : undefined,
      manifest: manifest.path,
      select,
    };
    if (stats) this.#known.set(key, verdicts);
    return verdicts;
  }
}

/** The verdict of a row, undefined for what is no instance. */
export function verdictOf({ property }: RunVerdicts, ordinal: number): Verdict | undefined {
  return verdicts[(property.codes[ordinal] ?? 0) - 1];
}

function assertSource(manifest: Pick<OpenSelectManifest, 'path' | 'source'>, dataset: Dataset, verb: string): void {
  if (manifest.source.sha256 === dataset.summary.sha256) return;
  throw new EngineError(
    'dataset.changed',
    `${dataset.path} is not the file that ${manifest.path} was made from: its SHA-256 differs. Run ballast ${verb} again.`,
    { path: dataset.path },
  );
}

function verdictProperty({ flags }: Dataset, kept: Uint32Array): CodedProperty {
  const [keptCode, droppedCode] = [verdicts.indexOf('kept') + 1, verdicts.indexOf('dropped') + 1];
  const codes = new Uint8Array(flags.length);
  for (let i = 0; i < codes.length; i++) if ((flags[i] as number) & recordFlags.usable) codes[i] = droppedCode;
  for (const ordinal of kept) codes[ordinal] = keptCode;
  return { name: 'verdict', codes, values: verdicts };
}

async function forcedInstances(
  dataset: Dataset,
  overrides: readonly Override[],
  deps: EngineDeps,
  job: JobContext,
): Promise<Uint8Array | undefined> {
  if (overrides.length === 0) return undefined;
  const { keys, duplicates } = await obtainInstanceKeys(dataset, { workerScript: deps.scripts.dataset }, job);
  const instances = dataset.flags.map((flags) => flags & recordFlags.usable);
  return matchOverrides(overrides, { keys, duplicates, instances }).verdicts;
}
