import { type BrowseTable, loadBrowseTable } from '../../dataset/browse/browseTable.ts';
import type { Dataset } from '../../dataset/dataset.ts';
import { type InstanceKeys, obtainInstanceKeys } from '../../dataset/instanceKeys.ts';
import type { EngineDeps } from '../../engineDeps.ts';
import { MentionFinder } from '../../entities/locateMentions.ts';
import type { JobContext } from '../../jobs/jobContext.ts';
import { ClusterMemory } from '../clusters/clusterMemory.ts';
import type { HotData } from '../hotData.ts';
import { EntityAccess } from './entityAccess.ts';
import { FirstMedia } from './firstMedia.ts';
import type { QueryAnswer } from './query.ts';
import { RecentMap } from './recentMap.ts';
import { TextMemory } from './textMemory.ts';
import { ThumbnailMemory } from './thumbnailMemory.ts';
import { VerdictMemory } from './verdictMemory.ts';

/** Answers kept: four bytes per matching row each. */
const answerLimit = 8;

/** What the requests of the instance browser share and remember between calls. All of it can be made again from files. */
export class Browser {
  readonly deps: EngineDeps;
  readonly hot: HotData;
  readonly entities: EntityAccess;
  readonly texts: TextMemory;
  readonly verdicts: VerdictMemory;
  readonly clusters: ClusterMemory;
  readonly firstMedia = new FirstMedia();
  readonly thumbnails = new ThumbnailMemory();
  readonly mentions: MentionFinder;
  /** By everything that decides them. */
  readonly answers = new RecentMap<string, QueryAnswer>(answerLimit);
  readonly #tables = new WeakMap<Dataset, BrowseTable>();
  readonly #keys = new WeakMap<Dataset, InstanceKeys>();
  readonly #numbers = new WeakMap<Dataset, number>();
  #opened = 0;

  constructor(deps: EngineDeps, hot: HotData) {
    this.deps = deps;
    this.hot = hot;
    this.entities = new EntityAccess(deps, hot);
    this.texts = new TextMemory(deps);
    this.verdicts = new VerdictMemory(deps);
    this.clusters = new ClusterMemory(this);
    this.mentions = new MentionFinder({ workerScript: deps.scripts.entities, lexiconPath: deps.lexicon });
  }

  /** Tells opened datasets apart: a changed file is opened anew and gets another number. */
  numberOf(dataset: Dataset): number {
    const number = this.#numbers.get(dataset) ?? ++this.#opened;
    this.#numbers.set(dataset, number);
    return number;
  }

  /** Content keys of the dataset's instances, loaded once. */
  async instanceKeys(dataset: Dataset, job: JobContext): Promise<InstanceKeys> {
    const keys = this.#keys.get(dataset) ?? (await obtainInstanceKeys(dataset, { workerScript: this.deps.scripts.dataset }, job));
    this.#keys.set(dataset, keys);
    return keys;
  }

  /** The dataset's table, made and loaded once. */
  async table(dataset: Dataset, job: JobContext): Promise<BrowseTable> {
    const known = this.#tables.get(dataset);
    if (known) return known;
    const table = await loadBrowseTable(dataset, { workerScript: this.deps.scripts.dataset }, job);
    this.#tables.set(dataset, table);
    return table;
  }
}
