import type { RebalanceOptions, RebalanceOutcome } from './selection/rebalanceOutcome.ts';

/** Every id that package.json contributes; a test compares both sides. */
export const commandIds = {
  rebalanceDataset: 'ballast.rebalanceDataset',
  showChart: 'ballast.showChart',
  showLog: 'ballast.showLog',
  stopEngine: 'ballast.stopEngine',
  refreshDatasets: 'ballast.views.datasets.refresh',
} as const;

export const viewIds = { datasets: 'ballast.datasets' } as const;

export const contextKeys = { engineState: 'ballast.engine.state', datasetsState: 'ballast.datasets.state' } as const;

export const settingIds = { nodePath: 'ballast.engine.nodePath' } as const;

/** What each command takes and gives. The first argument is a file's URI, a tree node, or nothing (palette). */
export interface CommandSignatures {
  'ballast.rebalanceDataset': (target?: unknown, selected?: unknown, options?: RebalanceOptions) => Promise<RebalanceOutcome | undefined>;
  'ballast.showChart': () => Promise<void>;
  'ballast.showLog': () => void;
  'ballast.stopEngine': () => Promise<void>;
  'ballast.views.datasets.refresh': () => Promise<void>;
}
