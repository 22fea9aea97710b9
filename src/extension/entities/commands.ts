import * as path from 'node:path';
import * as vscode from 'vscode';
import { commandIds, viewIds } from '../contributions.ts';
import type { DatasetFile } from '../datasets/readSample.ts';
import { type EngineHost, localPath } from '../engine/engineHost.ts';
import { reportError } from '../errors/reportError.ts';
import { openInstance } from '../instances/openInstance.ts';
import type { RecordDocuments } from '../instances/recordDocuments.ts';
import { plainText } from '../plainText.ts';
import { registerCommand } from '../registerCommand.ts';
import type { EntitiesTree } from './entitiesTree.ts';
import { type EntityTarget, pickInstance } from './pickInstance.ts';

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
  const describe = (): void => {
    view.description = tree.dataset === undefined ? '' : plainText(path.posix.basename(tree.dataset.path), 60);
    view.message = tree.filter === '' ? '' : vscode.l10n.t('Entities that hold "{0}"', plainText(tree.filter, 60));
  };
  return vscode.Disposable.from(
    view,
    tree,
    tree.onDidChoose(describe),
    vscode.workspace.onDidGrantWorkspaceTrust(() => tree.trustGranted()),
    registerCommand(commandIds.chooseEntitiesDataset, (target) => chooseDataset(deps, target)),
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

async function chooseDataset(deps: EntitiesDeps, target: unknown): Promise<void> {
  const given = fileOf(target);
  if (given !== undefined) return deps.tree.choose(given);
  const items = (await deps.datasets()).map((file) => ({
    label: path.posix.basename(file.uri.path).replaceAll('$(', '\\$('),
    description: vscode.workspace.asRelativePath(file.uri),
    file,
  }));
  const picked = await vscode.window.showQuickPick(items, { placeHolder: vscode.l10n.t('Choose a dataset'), matchOnDescription: true });
  if (picked !== undefined) deps.tree.choose(picked.file);
}

async function showInstances(deps: EntitiesDeps, target: unknown, given: number | undefined): Promise<void> {
  const entity = entityOf(target);
  const { dataset } = deps.tree;
  if (entity === undefined || dataset === undefined) return;
  try {
    const file = localPath(dataset);
    const ordinal = given ?? (await pickInstance(deps.engine, file, entity));
    if (ordinal !== undefined) await openInstance(deps, file, ordinal);
  } catch (error: unknown) {
    reportError(error, { log: deps.log, file: dataset, tryAgain: () => showInstances(deps, target, given) });
  }
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
