import * as vscode from 'vscode';
import { targetUri } from '../datasets/targetUri.ts';

/** Words of the dialog that asks for a file. */
export interface TargetWords {
  readonly title: string;
  readonly openLabel: string;
}

/** Files that a command is about: what was clicked or selected, else the active editor's, else what the user picks. */
export async function datasetTargets(target: unknown, selected: unknown, words?: TargetWords): Promise<readonly vscode.Uri[]> {
  const many = Array.isArray(selected) ? selected.map(targetUri).filter((uri) => uri !== undefined) : [];
  if (many.length > 0) return many;
  const one = targetUri(target);
  if (one !== undefined) return [one];
  const active = activeDataset();
  if (active !== undefined) return [active];
  return pickDatasetFiles(words);
}

/** Asks for datasets; empty when the user gives up. */
export async function pickDatasetFiles(words?: TargetWords): Promise<readonly vscode.Uri[]> {
  const picked = await vscode.window.showOpenDialog({
    ...(words ?? { title: vscode.l10n.t('Dataset to rebalance'), openLabel: vscode.l10n.t('Rebalance') }),
    filters: { [vscode.l10n.t('Datasets')]: ['json', 'jsonl', 'parquet'] },
  });
  return picked ?? [];
}

/** The active editor's file when it can be a dataset. */
export function activeDataset(): vscode.Uri | undefined {
  const active = vscode.window.activeTextEditor?.document.uri;
  return active !== undefined && /\.(json|jsonl|parquet)$/i.test(active.path) ? active : undefined;
}
