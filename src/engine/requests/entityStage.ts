import { join } from 'node:path';
import { perspectives as allPerspectives, type Perspective } from '../../protocol/perspectives.ts';
import type { AnalyzeReport, OutputFile } from '../../protocol/reports.ts';
import { type AnalyzeRequest, type HygieneSwitch, hygieneSwitches } from '../../protocol/requests.ts';
import type { Dataset } from '../dataset/dataset.ts';
import type { EngineDeps } from '../engineDeps.ts';
import { type EntityLists, type ListedPerspective, listedPerspectives } from '../entities/entityLists.ts';
import { exportEntities } from '../entities/exportEntities.ts';
import { extractAddress } from '../entities/extract.ts';
import { defaultHygiene } from '../entities/hygiene.ts';
import { loadPerspective } from '../entities/loadPerspective.ts';
import { obtainEntityLists } from '../entities/obtainEntityLists.ts';
import type { PerspectiveIndex } from '../entities/perspectiveIndex.ts';
import { obtainReverseIndex, reverseIndexAddresses } from '../entities/reverseIndex.ts';
import { emptyStopList, readStopList } from '../entities/stopList.ts';
import type { JobContext } from '../jobs/jobContext.ts';
import type { Artifact, ArtifactAddress } from '../runs/artifacts.ts';
import { readJson } from '../runs/npy.ts';
import type { StageLog } from './stageLog.ts';

type TextCounts = AnalyzeReport['text'];
type EntityOptions = Pick<AnalyzeRequest, 'perspectives' | 'entities' | 'hygiene' | 'minFrequency' | 'lexicon' | 'stopList'>;

/** Entities of a dataset, extracted or imported, cleaned and indexed. */
export interface EntityStage {
  artifact(perspective: Perspective): Artifact;
  readonly from: AnalyzeReport['entitiesFrom'];
  /** Switches that are on for at least one perspective. */
  readonly hygiene: readonly HygieneSwitch[];
  readonly text: TextCounts;
  /** Writes the cleaned lists in the import format. */
  exportTo(path: string): Promise<OutputFile>;
}

const defaultMinFrequency = 1;
const noText: TextCounts = { units: 0, unknownScriptUnits: 0, unknownScriptInstances: 0, scripts: {} };

export async function obtainEntityStage(
  dataset: Dataset,
  options: EntityOptions,
  deps: EngineDeps,
  job: JobContext,
  log: StageLog,
): Promise<EntityStage> {
  const perspectives = options.perspectives ?? allPerspectives;
  const { lists, from } = await obtainEntityLists({
    dataset,
    perspectives,
    importPath: options.entities,
    workerScript: deps.scripts.entities,
    lexiconPath: deps.lexicon,
    userLexiconPath: options.lexicon,
    job,
  });
  for (const list of new Set(lists.values())) log.add(list.source === 'imported' ? 'import' : 'extract', list.artifact);
  const index = await obtainReverseIndex({
    runDir: dataset.runDir,
    lists,
    perspectives,
    hygiene: options.hygiene,
    stopList: options.stopList === undefined ? emptyStopList : await readStopList(options.stopList),
    minFrequency: options.minFrequency ?? defaultMinFrequency,
    job,
  });
  const artifact = (perspective: Perspective): Artifact => {
    const found = index.get(perspective);
    if (!found) throw new Error(`no index of ${perspective}`);
    return found;
  };
  for (const perspective of perspectives) log.add(`reverseIndex ${perspective}`, artifact(perspective));
  return {
    artifact,
    from,
    hygiene:
      options.hygiene ?? hygieneSwitches.filter((name) => [...lists.values()].some(({ source }) => defaultHygiene(source).includes(name))),
    text: await textCounts(lists),
    exportTo: (path) => exportLists(path, dataset, index, job),
  };
}

/** Where the indexes lie that `obtainEntityStage` gives without options; nothing is built. */
export async function defaultEntityAddresses(dataset: Dataset, deps: EngineDeps): Promise<ReadonlyMap<Perspective, ArtifactAddress>> {
  const lists = { artifact: await extractAddress({ dataset, lexiconPath: deps.lexicon }), source: 'extracted' } as const;
  return reverseIndexAddresses(
    { runDir: dataset.runDir, perspectives: allPerspectives, stopList: emptyStopList, minFrequency: defaultMinFrequency },
    lists,
  );
}

async function textCounts(lists: ReadonlyMap<ListedPerspective, EntityLists>): Promise<TextCounts> {
  const extracted = [...lists.values()].find(({ source }) => source === 'extracted');
  return extracted ? (await readJson<{ readonly text: TextCounts }>(join(extracted.artifact.folder, 'lists.json'))).text : noText;
}

async function exportLists(
  path: string,
  dataset: Dataset,
  index: ReadonlyMap<Perspective, Artifact>,
  job: JobContext,
): Promise<OutputFile> {
  const indexes: Partial<Record<ListedPerspective, PerspectiveIndex>> = {};
  for (const perspective of listedPerspectives) {
    const artifact = index.get(perspective);
    if (artifact) indexes[perspective] = await loadPerspective(artifact);
  }
  return exportEntities(path, dataset, indexes, job);
}
