import * as vscode from 'vscode';
import type { SynthesizeReport } from '../../protocol/synthesis.ts';
import { commandIds, viewIds } from '../contributions.ts';
import type { DatasetFile } from '../datasets/readSample.ts';
import { EngineRequestError } from '../engine/engineFault.ts';
import { type EngineHost, localPath } from '../engine/engineHost.ts';
import { reportError } from '../errors/reportError.ts';
import { registerCommand } from '../registerCommand.ts';
import { revealPath } from '../revealPath.ts';
import { chosenTargets } from '../selection/targets.ts';
import { isDatasetSettingChange } from '../settings.ts';
import { composeDataset } from './composeDataset.ts';
import type { EndpointKeys } from './endpointKeys.ts';
import type { StagingNode, StagingsTree } from './stagingsTree.ts';
import { stagingOf } from './stagingTarget.ts';
import type { SynthesisJobs } from './synthesisJobs.ts';
import type { SynthesisOptions } from './synthesisOptions.ts';
import type { SynthesisPanels } from './synthesisPanels.ts';

export interface SynthesisDeps {
  readonly engine: EngineHost;
  readonly log: vscode.LogOutputChannel;
  readonly panels: SynthesisPanels;
  readonly tree: StagingsTree;
  readonly keys: EndpointKeys;
  readonly jobs: SynthesisJobs;
  /** The datasets of the workspace. */
  readonly datasets: () => Promise<readonly DatasetFile[]>;
  /** Called with the source when a composition lies on the disk. */
  readonly onWritten: (dataset: string) => void;
}

/** A journal grows line by line. */
const coalesceMs = 500;
const stagingPattern = '**/.ballast/{stagings/*.json,staging/journal.jsonl}';

export function registerSynthesis(deps: SynthesisDeps): vscode.Disposable {
  const { tree, panels, keys, jobs } = deps;
  const view = vscode.window.createTreeView<StagingNode>(viewIds.synthesis, { treeDataProvider: tree, showCollapseAll: true });
  const watcher = vscode.workspace.createFileSystemWatcher(stagingPattern);
  let timer: NodeJS.Timeout | undefined;
  const later = (): void => {
    timer ??= setTimeout(() => {
      timer = undefined;
      void tree.filesChanged();
    }, coalesceMs);
  };
  const compose = {
    engine: deps.engine,
    log: deps.log,
    // As they are now: what was just accepted counts.
    stagings: async () => {
      await tree.refresh();
      return tree.stagings();
    },
    onWritten: (dataset: string) => {
      deps.onWritten(dataset);
      void tree.filesChanged();
      panels.stagingChanged();
    },
  };
  return vscode.Disposable.from(
    view,
    tree,
    jobs,
    keys,
    watcher,
    { dispose: () => clearTimeout(timer) },
    watcher.onDidCreate(later),
    watcher.onDidChange(later),
    watcher.onDidDelete(later),
    jobs.onDidEnd(later),
    tree.onDidList((stagings) => {
      const pending = stagings.reduce((sum, { counts }) => sum + counts.pending, 0);
      view.badge = pending === 0 ? undefined : { value: pending, tooltip: vscode.l10n.t('{0} candidates wait for review', pending) };
    }),
    vscode.workspace.onDidChangeWorkspaceFolders(() => tree.filesChanged()),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (isDatasetSettingChange(event)) later();
    }),
    vscode.workspace.onDidGrantWorkspaceTrust(() => tree.reset()),
    registerCommand(commandIds.synthesizeTail, (target, selected, options) => open(deps, target, selected, options)),
    registerCommand(commandIds.composeDataset, (target, options) => composeDataset(compose, target, Array.isArray(options) ? {} : options)),
    registerCommand(commandIds.setApiKey, (endpoint) => keys.askFor(textOf(endpoint))),
    registerCommand(commandIds.forgetApiKey, (endpoint) => keys.askToForget(textOf(endpoint))),
    registerCommand(commandIds.refreshStagings, () => tree.refresh()),
    registerCommand(commandIds.revealStaging, async (target) => {
      const staging = stagingOf(target);
      if (staging !== undefined) await revealPath(staging);
    }),
    registerCommand(commandIds.copyStagingPath, async (target, selected) => {
      const all = (Array.isArray(selected) ? selected : [target]).map(stagingOf).filter((one) => one !== undefined);
      if (all.length > 0) await vscode.env.clipboard.writeText(all.join('\n'));
    }),
  );
}

/** Opens the panel of each target; gives the report of the last call that made instances. */
async function open(
  deps: SynthesisDeps,
  target: unknown,
  selected: unknown,
  options: SynthesisOptions = {},
): Promise<SynthesizeReport | undefined> {
  let report: SynthesizeReport | undefined;
  try {
    if (!vscode.workspace.isTrusted) throw new EngineRequestError({ kind: 'untrusted' });
    const words = { title: vscode.l10n.t('Dataset whose tail is synthesized'), openLabel: vscode.l10n.t('Synthesize Tail') };
    for (const uri of await targetsOf(deps, target, selected, words)) {
      const panel = deps.panels.show(localPath(uri));
      await panel.take(options);
      if (options.make) report = await panel.make();
    }
  } catch (error: unknown) {
    reportError(error, { log: deps.log, tryAgain: () => open(deps, target, selected, options) });
  }
  return report;
}

/** A row of the view stands for the dataset that its candidates were made from. */
async function targetsOf(
  { tree, datasets }: SynthesisDeps,
  target: unknown,
  selected: unknown,
  words: { readonly title: string; readonly openLabel: string },
): Promise<readonly vscode.Uri[]> {
  const staging = stagingOf(target);
  const source = staging === undefined ? undefined : (await tree.stagings()).find((one) => one.path === staging)?.dataset;
  return source === undefined ? chosenTargets(datasets, target, selected, words) : [vscode.Uri.file(source)];
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
