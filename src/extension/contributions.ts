import type { Uri } from 'vscode';
import type { BrowseFilter } from '../protocol/browse.ts';
import type { ClusterReport } from '../protocol/clustering.ts';
import type { VerifyReport } from '../protocol/reports.ts';
import type { ReproduceReport } from '../protocol/runs.ts';
import type { SelectReport } from '../protocol/select.ts';
import type { ComposeReport, SynthesizeReport } from '../protocol/synthesis.ts';
import type { ClusterOptions } from './clusters/clusterDataset.ts';
import type { ClusterOrder } from './clusters/collectClusters.ts';
import type { CoresetOptions } from './coreset/coresetOptions.ts';
import type { RebalanceOptions, RebalanceOutcome } from './selection/rebalanceOutcome.ts';
import type { ComposeOptions } from './synthesis/composeOptions.ts';
import type { SynthesisOptions } from './synthesis/synthesisOptions.ts';

/** Every id that package.json contributes; a test compares both sides. */
export const commandIds = {
  rebalanceDataset: 'ballast.rebalanceDataset',
  rebalanceToTarget: 'ballast.rebalanceToTarget',
  applyPlan: 'ballast.applyPlan',
  openPlan: 'ballast.openPlan',
  browseInstances: 'ballast.browseInstances',
  compareDatasets: 'ballast.compareDatasets',
  selectCoreset: 'ballast.selectCoreset',
  showCluster: 'ballast.showCluster',
  clusterDataset: 'ballast.clusterDataset',
  browseCluster: 'ballast.browseCluster',
  chooseClustersDataset: 'ballast.views.clusters.chooseDataset',
  chooseClustering: 'ballast.views.clusters.chooseClustering',
  orderClusters: 'ballast.views.clusters.order',
  cancelClusters: 'ballast.views.clusters.cancel',
  refreshClusters: 'ballast.views.clusters.refresh',
  showMoreClusters: 'ballast.views.clusters.showMore',
  reviewSynthesis: 'ballast.reviewSynthesis',
  synthesizeTail: 'ballast.synthesizeTail',
  composeDataset: 'ballast.composeDataset',
  setApiKey: 'ballast.setApiKey',
  forgetApiKey: 'ballast.forgetApiKey',
  refreshStagings: 'ballast.views.synthesis.refresh',
  revealStaging: 'ballast.views.synthesis.reveal',
  copyStagingPath: 'ballast.views.synthesis.copyPath',
  showChart: 'ballast.showChart',
  createSample: 'ballast.createSample',
  showLog: 'ballast.showLog',
  reportIssue: 'ballast.reportIssue',
  stopEngine: 'ballast.stopEngine',
  refreshDatasets: 'ballast.views.datasets.refresh',
  revealDataset: 'ballast.views.datasets.reveal',
  copyDatasetPath: 'ballast.views.datasets.copyPath',
  chooseEntitiesDataset: 'ballast.views.entities.chooseDataset',
  cancelEntities: 'ballast.views.entities.cancel',
  refreshEntities: 'ballast.views.entities.refresh',
  searchEntities: 'ballast.views.entities.search',
  clearEntitySearch: 'ballast.views.entities.clearSearch',
  showMoreEntities: 'ballast.views.entities.showMore',
  showInstances: 'ballast.showInstances',
  refreshRuns: 'ballast.views.runs.refresh',
  verifyRun: 'ballast.verifyRun',
  reproduceRun: 'ballast.reproduceRun',
  revealRunOutput: 'ballast.revealRunOutput',
  openRunManifest: 'ballast.openRunManifest',
  compareRun: 'ballast.compareRun',
  deleteRunRecord: 'ballast.deleteRunRecord',
} as const;

/** Webview panels: the page's name and its view type, on which package.json activates. */
export const panelIds = {
  selection: 'ballast.selection',
  instances: 'ballast.instances',
  diff: 'ballast.diff',
  coreset: 'ballast.coreset',
  clusters: 'ballast.clusters.panel',
  review: 'ballast.review',
  synthesis: 'ballast.synthesis',
} as const;

export const viewIds = {
  datasets: 'ballast.datasets',
  entities: 'ballast.entities',
  clusters: 'ballast.clusters',
  synthesis: 'ballast.views.synthesis',
  runs: 'ballast.runs',
} as const;

export const contextKeys = {
  engineState: 'ballast.engine.state',
  datasetsState: 'ballast.datasets.state',
  entitiesState: 'ballast.entities.state',
  entitiesWork: 'ballast.entities.work',
  clustersState: 'ballast.clusters.state',
  clustersWork: 'ballast.clusters.work',
  synthesisState: 'ballast.views.synthesis.state',
  runsState: 'ballast.runs.state',
} as const;

export const settingIds = {
  nodePath: 'ballast.engine.nodePath',
  threads: 'ballast.engine.threads',
  imageRoots: 'ballast.imageRoots',
  runFolder: 'ballast.runFolder',
} as const;

/** What each command takes and gives. The first argument is a file's URI, a tree node, or nothing (palette). */
export interface CommandSignatures {
  /** Opens the live panel; with a setting in the options, rebalances without a question and then shows the panel. */
  'ballast.rebalanceDataset': (target?: unknown, selected?: unknown, options?: RebalanceOptions) => Promise<RebalanceOutcome | undefined>;
  /** Asks how much to keep, rebalances, and shows the panel. */
  'ballast.rebalanceToTarget': (target?: unknown, selected?: unknown) => Promise<RebalanceOutcome | undefined>;
  /** A plan file, or a run, whose manifest holds its plan. */
  'ballast.applyPlan': (target?: unknown) => Promise<void>;
  'ballast.openPlan': (target?: unknown) => Promise<void>;
  /** With options, the browser opens at that instance, with that filter, with the verdicts of that manifest and the clusters of that clustering. */
  'ballast.browseInstances': (
    target?: unknown,
    options?: { readonly ordinal?: number; readonly filter?: BrowseFilter; readonly manifest?: string; readonly clustering?: string },
  ) => Promise<void>;
  /** Two datasets, or the two that were selected in the explorer; what is missing is asked for. */
  'ballast.compareDatasets': (a?: unknown, b?: unknown) => Promise<void>;
  /** Opens the panel that selects a coreset; with `apply`, writes it without a question and gives the last report. */
  'ballast.selectCoreset': (target?: unknown, selected?: unknown, options?: CoresetOptions) => Promise<SelectReport | undefined>;
  /**
   * Opens the panel *Clusters*: at a cluster, with what the run of a manifest kept, when these are given. The target is a `ClusterTarget`,
   * a file's URI, a tree node, or nothing.
   */
  'ballast.showCluster': (target?: unknown) => Promise<void>;
  /** Clusters a dataset and opens the panel; with options, nothing is asked and nothing is opened. */
  'ballast.clusterDataset': (target?: unknown, selected?: unknown, options?: ClusterOptions) => Promise<ClusterReport | undefined>;
  /** Opens the browser with the instances of a row of the view *Clusters*. */
  'ballast.browseCluster': (target: unknown) => Promise<void>;
  'ballast.views.clusters.chooseDataset': (target?: unknown) => Promise<void>;
  /** With the id of a known clustering, nothing is asked. */
  'ballast.views.clusters.chooseClustering': (id?: string) => Promise<void>;
  'ballast.views.clusters.order': (order?: ClusterOrder) => Promise<void>;
  'ballast.views.clusters.cancel': () => void;
  'ballast.views.clusters.refresh': () => void;
  'ballast.views.clusters.showMore': (target: unknown) => Promise<void>;
  /** Opens the review of a staging folder: its path, its URI, a file in it, a node that names it (`staging`), or one to choose. */
  'ballast.reviewSynthesis': (target?: unknown) => Promise<void>;
  /** Opens the panel that makes instances of scarce entities; with `make`, makes them without a question and gives the report. */
  'ballast.synthesizeTail': (target?: unknown, selected?: unknown, options?: SynthesisOptions) => Promise<SynthesizeReport | undefined>;
  /**
   * Writes a dataset of a selection and accepted candidates. The target is a `ComposeTarget`, a file's URI, a row of a view, or nothing.
   * With a volume in the options, nothing is asked.
   */
  'ballast.composeDataset': (target?: unknown, options?: ComposeOptions) => Promise<ComposeReport | undefined>;
  /** Asks for the API key of an endpoint and keeps it in the secret storage. */
  'ballast.setApiKey': (endpoint?: string) => Promise<void>;
  'ballast.forgetApiKey': (endpoint?: string) => Promise<void>;
  'ballast.views.synthesis.refresh': () => Promise<void>;
  'ballast.views.synthesis.reveal': (target: unknown) => Promise<void>;
  'ballast.views.synthesis.copyPath': (target: unknown, selected?: unknown) => Promise<void>;
  /** Shows the last rebalancing again, with its plan. */
  'ballast.showChart': () => Promise<void>;
  /** Gives the dataset that was written. With a folder given, nothing is asked and nothing is opened. */
  'ballast.createSample': (options?: { readonly folder?: Uri }) => Promise<Uri | undefined>;
  'ballast.showLog': () => void;
  'ballast.reportIssue': () => Promise<void>;
  'ballast.stopEngine': () => Promise<void>;
  'ballast.views.datasets.refresh': () => Promise<void>;
  'ballast.views.datasets.reveal': (target: unknown) => Promise<void>;
  'ballast.views.datasets.copyPath': (target: unknown, selected?: unknown) => Promise<void>;
  'ballast.views.entities.chooseDataset': (target?: unknown) => Promise<void>;
  'ballast.views.entities.cancel': () => void;
  'ballast.views.entities.refresh': () => void;
  /** With a text given, nothing is asked. */
  'ballast.views.entities.search': (text?: string) => Promise<void>;
  'ballast.views.entities.clearSearch': () => void;
  'ballast.views.entities.showMore': (target: unknown) => Promise<void>;
  /** Opens the browser with the instances that hold the entity; with an ordinal given, goes to the bytes of that instance. */
  'ballast.showInstances': (target: unknown, options?: { readonly ordinal?: number }) => Promise<void>;
  'ballast.views.runs.refresh': () => Promise<void>;
  /** Commands on runs take a tree node, the id of a run, or nothing (palette). */
  'ballast.verifyRun': (target?: unknown) => Promise<VerifyReport | undefined>;
  'ballast.reproduceRun': (target?: unknown) => Promise<ReproduceReport | undefined>;
  'ballast.revealRunOutput': (target?: unknown) => Promise<void>;
  'ballast.openRunManifest': (target?: unknown) => Promise<void>;
  /** Opens the comparison of the run's dataset with its result. */
  'ballast.compareRun': (target?: unknown) => Promise<void>;
  /** With `confirmed`, nothing is asked. */
  'ballast.deleteRunRecord': (target?: unknown, options?: { readonly confirmed?: boolean }) => Promise<void>;
}
