import * as path from 'node:path';
import * as vscode from 'vscode';
import type { ClusterReport, ClusterRequest } from '../../protocol/clustering.ts';
import { perspectives } from '../../protocol/perspectives.ts';
import type { EngineHost } from '../engine/engineHost.ts';
import { withToken } from '../panels/withToken.ts';
import { plainText } from '../plainText.ts';
import { OverallProgress, progressText } from '../selection/progressText.ts';
import { clusterCountError, parseClusterCount } from './clusterCount.ts';

/** What a clustering is made of; what is left out is asked, unless something is given. */
export interface ClusterOptions {
  /** `.npy` file, absolute; default the built-in features. */
  readonly features?: string;
  /** Number of clusters; default automatic. */
  readonly clusters?: number;
}

/** Asks for features and the number of clusters; undefined when the user gives up. */
export async function askClusterOptions(dataset: string): Promise<ClusterOptions | undefined> {
  const name = plainText(path.basename(dataset), 60);
  const features = await askFeatures(vscode.l10n.t('Cluster {0} (1/2)', name), dataset);
  if (features === undefined) return undefined;
  const text = await vscode.window.showInputBox({
    title: vscode.l10n.t('Cluster {0} (2/2)', name),
    prompt: vscode.l10n.t('Number of clusters. Empty: one for every 66 instances.'),
    placeHolder: vscode.l10n.t('automatic'),
    validateInput: (value) => clusterCountError(value, vscode.l10n.t),
  });
  if (text === undefined) return undefined;
  const clusters = parseClusterCount(text);
  return { ...features, ...(clusters === undefined ? {} : { clusters }) };
}

async function askFeatures(title: string, dataset: string): Promise<Pick<ClusterOptions, 'features'> | undefined> {
  const builtin = {
    label: vscode.l10n.t('Built-in Features'),
    description: vscode.l10n.t('no model needed'),
    detail: vscode.l10n.t(
      'Colours and shapes of the images, words of the texts: fast and the same on every machine, but not what a model sees.',
    ),
  };
  const file = {
    label: vscode.l10n.t('Features File…'),
    description: '.npy',
    detail: vscode.l10n.t('One row per instance, float16 or float32, such as the activations of your own model.'),
  };
  const placeHolder = vscode.l10n.t('What instances are compared by');
  const picked = await vscode.window.showQuickPick([builtin, file], { title, placeHolder });
  if (picked === undefined) return undefined;
  if (picked === builtin) return {};
  const opened = await vscode.window.showOpenDialog({
    title,
    defaultUri: vscode.Uri.file(path.dirname(dataset)),
    openLabel: vscode.l10n.t('Use as Features'),
    filters: { [vscode.l10n.t('NumPy arrays')]: ['npy'] },
  });
  return opened?.[0] === undefined ? undefined : { features: opened[0].fsPath };
}

/** Clusters a dataset with a progress notification whose Cancel cancels the job; finished stages are used again. */
export async function runClustering(
  engine: EngineHost,
  request: Pick<ClusterRequest, 'dataset'> & Partial<ClusterRequest>,
  outer?: vscode.CancellationToken,
): Promise<ClusterReport> {
  const title = vscode.l10n.t('Clustering {0}', plainText(path.basename(request.dataset), 60));
  return vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title, cancellable: true }, (bar, button) => {
    const overall = new OverallProgress();
    return withToken([button, outer], (token) =>
      // The views describe clusters by the entities of every perspective.
      engine.request(
        'clustering/cluster',
        { perspectives, ...request },
        {
          token,
          onProgress: (progress) => bar.report({ message: progressText(progress, vscode.l10n.t), increment: overall.advance(progress) }),
        },
      ),
    );
  });
}
