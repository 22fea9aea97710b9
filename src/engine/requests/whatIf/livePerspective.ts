import type { EngineDeps } from '../../engineDeps.ts';
import type { FrequencyRuns } from '../../entities/frequencyRuns.ts';
import type { PerspectiveIndex } from '../../entities/perspectiveIndex.ts';
import { type JobContext, throwIfCancelled, yieldToLoop } from '../../jobs/jobContext.ts';
import type { Artifact } from '../../runs/artifacts.ts';
import { buildRowClasses, type RowClasses } from '../../selection/rowClasses.ts';
import { obtainCriticalTaus } from '../../selection/whatIf/criticalTauTasks.ts';
import { createHolderCounts, type HolderCounts } from '../../selection/whatIf/holderCounts.ts';
import { fillPassing } from '../../selection/whatIf/liveSelection.ts';
import { drawnRuns } from '../prepareRebalance.ts';
import type { LiveDataset } from './liveDataset.ts';

/** Below this threshold even entities of one instance are head, which only far targets ask for; above it most rows need no draw. */
const usualFloor = 1;

/** One perspective as the what-if needs it again and again. */
export class LivePerspective {
  readonly index: PerspectiveIndex;
  readonly artifact: Artifact;
  readonly rows: RowClasses;
  readonly runs: FrequencyRuns;
  /** Verdicts that `counts` agree with; undefined where nothing was counted, or counting was left half-way. */
  counted: Uint8Array | undefined;
  #counts: HolderCounts | undefined;
  #mentions: FrequencyRuns | undefined;
  #passing: { readonly criticalTaus: Float64Array; readonly tau: number | null; readonly ordinals: Uint8Array } | undefined;
  #critical: { readonly seed: number; readonly floor: number; readonly taus: Float64Array } | undefined;

  private constructor(index: PerspectiveIndex, artifact: Artifact, rows: RowClasses) {
    this.index = index;
    this.artifact = artifact;
    this.rows = rows;
    this.runs = drawnRuns(index, 'instances');
  }

  static async open(index: PerspectiveIndex, artifact: Artifact, job: JobContext): Promise<LivePerspective> {
    await index.prefetch?.(['frequency', 'mentionFrequency', 'rowOffsets', 'rowEntities', 'rowMinFrequency'], job);
    return new LivePerspective(index, artifact, await buildRowClasses(index, job));
  }

  get perspective(): PerspectiveIndex['perspective'] {
    return this.index.perspective;
  }

  /** The frequencies that the probabilities of a sampler use. */
  runsOf(counting: 'instances' | 'mentions'): FrequencyRuns {
    if (counting === 'instances' || !this.index.hasRepeats) return this.runs;
    this.#mentions ??= drawnRuns(this.index, 'mentions');
    return this.#mentions;
  }

  get readyCounts(): HolderCounts | undefined {
    return this.#counts;
  }

  async counts(job: JobContext): Promise<HolderCounts> {
    await this.index.prefetch?.(this.perspective === 'cooccurrence' ? ['postings', 'first', 'second'] : ['postings'], job);
    await yieldToLoop();
    throwIfCancelled(job);
    this.#counts ??= createHolderCounts(this.index, this.runs);
    return this.#counts;
  }

  /** Critical taus under a seed that are good for `tau`. */
  readyCriticalTaus(seed: number, tau: number | null): Float64Array | undefined {
    const critical = this.#critical;
    return critical?.seed === seed && critical.floor <= (tau ?? Number.POSITIVE_INFINITY) ? critical.taus : undefined;
  }

  async criticalTaus(seed: number, tau: number | null, live: LiveDataset, deps: EngineDeps, job: JobContext): Promise<Float64Array> {
    const floor = tau === null || tau >= usualFloor ? usualFloor : 0;
    const { artifact, index } = this;
    if (index.pairs) await index.prefetch?.(['first', 'second'], job);
    const taus = await obtainCriticalTaus({
      index,
      counters: live.counters,
      seed,
      floor,
      runDir: live.dataset.runDir,
      inputs: [artifact.inputHash, artifact.parameterHash, live.keys.artifact.inputHash, live.keys.artifact.parameterHash],
      script: deps.scripts.selection,
      job,
    });
    this.#critical = { seed, floor, taus };
    return taus;
  }

  /** 1 for every ordinal that passes at `tau`; computed again only when the threshold or the draws are others than last time. */
  passing(criticalTaus: Float64Array, tau: number | null): Uint8Array {
    const known = this.#passing;
    if (known?.criticalTaus === criticalTaus && known.tau === tau) return known.ordinals;
    const ordinals = known?.ordinals ?? new Uint8Array(this.index.records);
    fillPassing(ordinals, criticalTaus, tau);
    this.#passing = { criticalTaus, tau, ordinals };
    return ordinals;
  }
}
