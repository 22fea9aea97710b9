import type { BrowseFilter } from '../protocol/browse.ts';
import type { VerifyReport } from '../protocol/reports.ts';
import type { ReproduceReport } from '../protocol/runs.ts';
import type { RebalanceOptions, RebalanceOutcome } from './selection/rebalanceOutcome.ts';

/** Every id that package.json contributes; a test compares both sides. */
export const commandIds = {
  rebalanceDataset: 'ballast.rebalanceDataset',
  browseInstances: 'ballast.browseInstances',
  compareDatasets: 'ballast.compareDatasets',
  showChart: 'ballast.showChart',
  showLog: 'ballast.showLog',
  stopEngine: 'ballast.stopEngine',
  refreshDatasets: 'ballast.views.datasets.refresh',
  chooseEntitiesDataset: 'ballast.views.entities.chooseDataset',
  searchEntities: 'ballast.views.entities.search',
  clearEntitySearch: 'ballast.views.entities.clearSearch',
  showMoreEntities: 'ballast.views.entities.showMore',
  showInstances: 'ballast.showInstances',
  refreshRuns: 'ballast.views.runs.refresh',
  verifyRun: 'ballast.verifyRun',
  reproduceRun: 'ballast.reproduceRun',
  revealRunOutput: 'ballast.revealRunOutput',
  openRunManifest: 'ballast.openRunManifest',
  deleteRunRecord: 'ballast.deleteRunRecord',
} as const;

/** Webview panels: the page's name and its view type, on which package.json activates. */
export const panelIds = { selection: 'ballast.selection', instances: 'ballast.instances', diff: 'ballast.diff' } as const;

export const viewIds = { datasets: 'ballast.datasets', entities: 'ballast.entities', runs: 'ballast.runs' } as const;

export const contextKeys = {
  engineState: 'ballast.engine.state',
  datasetsState: 'ballast.datasets.state',
  entitiesState: 'ballast.entities.state',
  runsState: 'ballast.runs.state',
} as const;

export const settingIds = { nodePath: 'ballast.engine.nodePath' } as const;

/** What each command takes and gives. The first argument is a file's URI, a tree node, or nothing (palette). */
export interface CommandSignatures {
  'ballast.rebalanceDataset': (target?: unknown, selected?: unknown, options?: RebalanceOptions) => Promise<RebalanceOutcome | undefined>;
  /** With options, the browser opens at that instance, with that filter, with the verdicts of that manifest. */
  'ballast.browseInstances': (
    target?: unknown,
    options?: { readonly ordinal?: number; readonly filter?: BrowseFilter; readonly manifest?: string },
  ) => Promise<void>;
  /** Two datasets, or the two that were selected in the explorer; what is missing is asked for. */
  'ballast.compareDatasets': (a?: unknown, b?: unknown) => Promise<void>;
  'ballast.showChart': () => Promise<void>;
  'ballast.showLog': () => void;
  'ballast.stopEngine': () => Promise<void>;
  'ballast.views.datasets.refresh': () => Promise<void>;
  'ballast.views.entities.chooseDataset': (target?: unknown) => Promise<void>;
  /** With a text given, nothing is asked. */
  'ballast.views.entities.search': (text?: string) => Promise<void>;
  'ballast.views.entities.clearSearch': () => void;
  'ballast.views.entities.showMore': (target: unknown) => Promise<void>;
  /** With an ordinal given, nothing is asked. */
  'ballast.showInstances': (target: unknown, options?: { readonly ordinal?: number }) => Promise<void>;
  'ballast.views.runs.refresh': () => Promise<void>;
  /** Commands on runs take a tree node, the id of a run, or nothing (palette). */
  'ballast.verifyRun': (target?: unknown) => Promise<VerifyReport | undefined>;
  'ballast.reproduceRun': (target?: unknown) => Promise<ReproduceReport | undefined>;
  'ballast.revealRunOutput': (target?: unknown) => Promise<void>;
  'ballast.openRunManifest': (target?: unknown) => Promise<void>;
  /** With `confirmed`, nothing is asked. */
  'ballast.deleteRunRecord': (target?: unknown, options?: { readonly confirmed?: boolean }) => Promise<void>;
}
