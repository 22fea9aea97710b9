import * as path from 'node:path';
import * as vscode from 'vscode';
import type { Perspective } from '../../protocol/perspectives.ts';
import type { Progress } from '../../protocol/progress.ts';
import { commandIds, viewIds } from '../contributions.ts';
import { pickDataset } from '../datasets/pickDataset.ts';
import type { DatasetFile } from '../datasets/readSample.ts';
import { targetUri } from '../datasets/targetUri.ts';
import { type EngineHost, localPath } from '../engine/engineHost.ts';
import { reportError } from '../errors/reportError.ts';
import { openInstance } from '../instances/openInstance.ts';
import type { RecordDocuments } from '../instances/recordDocuments.ts';
import { plainText } from '../plainText.ts';
import { registerCommand } from '../registerCommand.ts';
import { progressText } from '../selection/progressText.ts';
import { isDatasetSettingChange } from '../settings.ts';
import type { EntitiesTree, EntityNode } from './entitiesTree.ts';

export interface EntitiesDeps {
  readonly engine: EngineHost;
  readonly log: vscode.LogOutputChannel;
  readonly tree: EntitiesTree;
  readonly records: RecordDocuments;
  /** The datasets of the workspace. */
  readonly datasets: () => Promise<readonly DatasetFile[]>;
}

export function registerEntities(deps: EntitiesDeps): vscode.Disposable {
  const { tree, log } = deps;
  const view = vscode.window.createTreeView(viewIds.entities, { treeDataProvider: tree, showCollapseAll: true });
  const describe = (progress?: Progress): void => {
    view.description = tree.dataset === undefined ? '' : plainText(path.posix.basename(tree.dataset.path), 60);
    if (progress !== undefined) view.message = progressText(progress, vscode.l10n.t);
    else view.message = tree.filter === '' ? '' : vscode.l10n.t('Entities that hold "{0}"', plainText(tree.filter, 60));
  };
  return vscode.Disposable.from(
    view,
    tree,
    tree.onDidChoose(() => describe()),
    tree.onDidProgress(describe),
    vscode.workspace.onDidGrantWorkspaceTrust(() => tree.trustGranted()),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (isDatasetSettingChange(event)) tree.refresh();
    }),
    registerCommand(commandIds.chooseEntitiesDataset, (target) => chooseDataset(deps, view, target)),
    registerCommand(commandIds.cancelEntities, () => tree.cancel()),
    registerCommand(commandIds.refreshEntities, () => tree.refresh()),
    registerCommand(commandIds.searchEntities, async (text) => {
      const wanted = text ?? (await askText(tree.filter));
      if (wanted !== undefined) tree.search(wanted.trim());
    }),
    registerCommand(commandIds.clearEntitySearch, () => tree.search('')),
    registerCommand(commandIds.showMoreEntities, async (target) => {
      try {
        if (isMore(target)) await tree.showMore(target.perspective);
      } catch (error: unknown) {
        reportError(error, { log });
      }
    }),
    registerCommand(commandIds.showInstances, (target, options) => showInstances(deps, target, options?.ordinal)),
  );
}

function askText(now: string): Thenable<string | undefined> {
  return vscode.window.showInputBox({
    title: vscode.l10n.t('Search Entities'),
    prompt: vscode.l10n.t('Part of an entity. Empty shows all.'),
    value: now,
  });
}

/** Who asks for a dataset's entities wants to see them: the view opens, and in it the first perspective. */
async function chooseDataset({ tree, datasets }: EntitiesDeps, view: vscode.TreeView<EntityNode>, target: unknown): Promise<void> {
  const chosen = fileOf(target) ?? targetUri(target) ?? (await pickDataset(await datasets()));
  if (chosen === undefined) return;
  tree.choose(chosen);
  await vscode.commands.executeCommand(`${viewIds.entities}.focus`);
  const row = tree.firstRow;
  // Not waited for: it ends with the extraction. It fails when another dataset is chosen meanwhile, and then says nothing.
  if (row !== undefined) view.reveal(row, { expand: true, select: true, focus: false }).then(undefined, () => undefined);
}

/** The instances that hold an entity, in the browser; with an ordinal given, the bytes of that instance. */
async function showInstances(deps: EntitiesDeps, target: unknown, given: number | undefined): Promise<void> {
  const entity = entityOf(target);
  const { dataset } = deps.tree;
  if (entity === undefined || dataset === undefined) return;
  try {
    if (given !== undefined) await openInstance(deps, localPath(dataset), given);
    else await vscode.commands.executeCommand(commandIds.browseInstances, dataset, { filter: { entities: [entity] } });
  } catch (error: unknown) {
    reportError(error, { log: deps.log, file: dataset, tryAgain: () => showInstances(deps, target, given) });
  }
}

interface EntityTarget {
  readonly perspective: Perspective;
  readonly entity: string;
}

function entityOf(target: unknown): EntityTarget | undefined {
  if (typeof target !== 'object' || target === null || !('row' in target) || !('perspective' in target)) return undefined;
  const node = target as { readonly perspective: EntityTarget['perspective']; readonly row: { readonly entity: string } };
  return { perspective: node.perspective, entity: node.row.entity };
}

function isMore(target: unknown): target is { readonly perspective: EntityTarget['perspective'] } {
  return typeof target === 'object' && target !== null && 'kind' in target && target.kind === 'more';
}

function fileOf(target: unknown): DatasetFile | undefined {
  return typeof target === 'object' && target !== null && 'file' in target ? (target as { readonly file: DatasetFile }).file : undefined;
}
