import * as path from 'node:path';
import * as vscode from 'vscode';
import type { ClusterReport } from '../../protocol/clustering.ts';
import { commandIds, viewIds } from '../contributions.ts';
import { datasetRequest } from '../datasets/datasetRequest.ts';
import { pickDataset } from '../datasets/pickDataset.ts';
import type { DatasetFile } from '../datasets/readSample.ts';
import { targetUri } from '../datasets/targetUri.ts';
import { EngineRequestError } from '../engine/engineFault.ts';
import { type EngineHost, localPath } from '../engine/engineHost.ts';
import { reportError } from '../errors/reportError.ts';
import { plainPickText, plainText } from '../plainText.ts';
import { registerCommand } from '../registerCommand.ts';
import { progressText } from '../selection/progressText.ts';
import { activeDataset, datasetTargets } from '../selection/targets.ts';
import { isDatasetSettingChange } from '../settings.ts';
import { askClusterOptions, type ClusterOptions, runClustering } from './clusterDataset.ts';
import { clusteringChoices } from './clusteringChoices.ts';
import type { ClustersPanels } from './clustersPanels.ts';
import type { ClusterNode, ClustersTree } from './clustersTree.ts';
import { parseClusterTarget } from './clusterTarget.ts';
import { type ClusterOrder, clusterOrders, orderTitle } from './collectClusters.ts';

export interface ClustersDeps {
  readonly engine: EngineHost;
  readonly log: vscode.LogOutputChannel;
  readonly tree: ClustersTree;
  readonly panels: ClustersPanels;
  /** The datasets of the workspace. */
  readonly datasets: () => Promise<readonly DatasetFile[]>;
}

export function registerClusters(deps: ClustersDeps): vscode.Disposable {
  const { tree } = deps;
  const view = vscode.window.createTreeView(viewIds.clusters, { treeDataProvider: tree, showCollapseAll: true });
  const describe = (): void => {
    const order = orderTitle(tree.order, vscode.l10n.t);
    const name = tree.dataset === undefined ? undefined : plainText(path.posix.basename(tree.dataset.path), 60);
    view.description = name === undefined ? '' : vscode.l10n.t('{0} · {1}', name, order);
  };
  return vscode.Disposable.from(
    view,
    tree,
    tree.onDidChoose(describe),
    tree.onDidProgress((progress) => {
      view.message = progress === undefined ? '' : progressText(progress, vscode.l10n.t);
    }),
    vscode.workspace.onDidGrantWorkspaceTrust(() => tree.refresh()),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (isDatasetSettingChange(event)) tree.refresh();
    }),
    registerCommand(commandIds.clusterDataset, (target, _selected, options) => clusterDataset(deps, target, options)),
    registerCommand(commandIds.showCluster, (target) => showCluster(deps, target)),
    registerCommand(commandIds.browseCluster, (target) => browseCluster(deps, target)),
    registerCommand(commandIds.chooseClustersDataset, (target) => chooseDataset(deps, target)),
    registerCommand(commandIds.chooseClustering, (id) => chooseClustering(deps, id)),
    registerCommand(commandIds.orderClusters, (order) => orderClusters(deps, order)),
    registerCommand(commandIds.cancelClusters, () => tree.cancel()),
    registerCommand(commandIds.refreshClusters, () => tree.refresh()),
    registerCommand(commandIds.showMoreClusters, async (target) => {
      try {
        const node = target as Partial<ClusterNode> | undefined;
        if (node?.kind === 'more') await tree.showMore((node as Extract<ClusterNode, { kind: 'more' }>).row);
      } catch (error: unknown) {
        reportError(error, { log: deps.log });
      }
    }),
  );
}

/** Clusters a dataset, with a question where nothing is given, and shows what came of it. */
async function clusterDataset(deps: ClustersDeps, target: unknown, given?: ClusterOptions): Promise<ClusterReport | undefined> {
  const { engine, tree, panels, log } = deps;
  let uri: vscode.Uri | undefined;
  try {
    assertTrusted();
    uri = await datasetOf(deps, target, { title: vscode.l10n.t('Dataset to cluster'), openLabel: vscode.l10n.t('Choose') });
    if (uri === undefined) return undefined;
    const dataset = localPath(uri);
    const options = given ?? (await askClusterOptions(dataset));
    if (options === undefined) return undefined;
    const report = await runClustering(engine, { ...datasetRequest(uri), ...options });
    tree.clustered(uri, report.clustering);
    panels.clustered(dataset, report.clustering);
    if (given === undefined) panels.show(dataset, { clustering: report.clustering });
    return report;
  } catch (error: unknown) {
    reportError(error, { log, ...(uri === undefined ? {} : { file: uri }), tryAgain: () => clusterDataset(deps, target, given) });
    return undefined;
  }
}

/** Opens the panel: at the cluster of a row or of an argument, else of the dataset that is asked for. */
async function showCluster(deps: ClustersDeps, target: unknown): Promise<void> {
  try {
    assertTrusted();
    const named = parseClusterTarget(target) ?? rowTarget(deps, target);
    if (named !== undefined) {
      const { dataset, ...openAt } = named;
      deps.panels.show(dataset, Object.keys(openAt).length === 0 ? null : openAt);
      return;
    }
    const words = { title: vscode.l10n.t('Dataset whose clusters are shown'), openLabel: vscode.l10n.t('Show Clusters') };
    const uri = targetUri(target) ?? deps.tree.dataset ?? (await datasetOf(deps, target, words));
    if (uri !== undefined) deps.panels.show(localPath(uri), null);
  } catch (error: unknown) {
    reportError(error, { log: deps.log, tryAgain: () => showCluster(deps, target) });
  }
}

/** The instances of a cluster in the browser, or one of them. */
async function browseCluster({ tree, log }: ClustersDeps, target: unknown): Promise<void> {
  const { dataset } = tree;
  const node = target as Partial<ClusterNode> | undefined;
  if (dataset === undefined || typeof node !== 'object' || node === null) return;
  try {
    const clustering = tree.clustering ?? (await tree.known())[0]?.id;
    const of = clustering === undefined ? {} : { clustering };
    if (node.kind === 'member' && node.member !== undefined)
      await vscode.commands.executeCommand(commandIds.browseInstances, dataset, { ordinal: node.member.ordinal });
    else if (node.kind === 'cluster' && node.row !== undefined)
      await vscode.commands.executeCommand(commandIds.browseInstances, dataset, { filter: { clusters: [node.row.cluster] }, ...of });
  } catch (error: unknown) {
    reportError(error, { log });
  }
}

/** A row of the view as a place of the panel. */
function rowTarget({ tree }: ClustersDeps, target: unknown): ReturnType<typeof parseClusterTarget> {
  const node = target as Partial<ClusterNode> | undefined;
  if (tree.dataset === undefined || typeof node !== 'object' || node?.kind !== 'cluster' || node.row === undefined) return undefined;
  const of = tree.clustering === undefined ? {} : { clustering: tree.clustering };
  return { dataset: localPath(tree.dataset), cluster: node.row.cluster, ...of };
}

/** Who asks for a dataset's clusters wants to see them: the view opens. */
async function chooseDataset({ tree, datasets }: ClustersDeps, target: unknown): Promise<void> {
  const chosen = fileOf(target) ?? targetUri(target) ?? (await pickDataset(await datasets()));
  if (chosen === undefined) return;
  tree.choose(chosen);
  await vscode.commands.executeCommand(`${viewIds.clusters}.focus`);
}

async function chooseClustering({ tree, log }: ClustersDeps, given: string | undefined): Promise<void> {
  try {
    if (given !== undefined) {
      tree.chooseClustering(given);
      return;
    }
    const choices = clusteringChoices(await tree.known(), vscode.l10n.t, vscode.env.language);
    const items = choices.map(({ id, label }, i) => ({
      label: plainPickText(label),
      description: id === tree.clustering || (tree.clustering === undefined && i === 0) ? vscode.l10n.t('shown') : '',
      id,
    }));
    const picked = await vscode.window.showQuickPick(items, { placeHolder: vscode.l10n.t('Choose a clustering') });
    if (picked !== undefined) tree.chooseClustering(picked.id);
  } catch (error: unknown) {
    reportError(error, { log });
  }
}

async function orderClusters({ tree }: ClustersDeps, given: ClusterOrder | undefined): Promise<void> {
  if (given !== undefined) {
    if (clusterOrders.includes(given)) tree.orderBy(given);
    return;
  }
  const items = clusterOrders.map((order) => ({
    label: orderTitle(order, vscode.l10n.t),
    description: order === tree.order ? vscode.l10n.t('shown') : '',
    order,
  }));
  const picked = await vscode.window.showQuickPick(items, { placeHolder: vscode.l10n.t('Order of the clusters, largest first') });
  if (picked !== undefined) tree.orderBy(picked.order);
}

/** What was clicked, else the active editor's file, else what the view shows, else what the user picks. */
async function datasetOf(
  { datasets, tree }: ClustersDeps,
  target: unknown,
  words: { readonly title: string; readonly openLabel: string },
): Promise<vscode.Uri | undefined> {
  if (targetUri(target) === undefined && activeDataset() === undefined) {
    if (tree.dataset !== undefined) return tree.dataset;
    const files = await datasets();
    if (files.length > 0) return (await pickDataset(files))?.uri;
  }
  const [uri] = await datasetTargets(target, undefined, words);
  return uri;
}

function assertTrusted(): void {
  if (!vscode.workspace.isTrusted) throw new EngineRequestError({ kind: 'untrusted' });
}

function fileOf(target: unknown): DatasetFile | undefined {
  return typeof target === 'object' && target !== null && 'file' in target ? (target as { readonly file: DatasetFile }).file : undefined;
}
