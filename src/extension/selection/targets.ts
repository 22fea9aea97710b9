import * as vscode from 'vscode';

/** Files that a command is about: what was clicked or selected, else the active editor's, else what the user picks. */
export async function datasetTargets(target: unknown, selected: unknown): Promise<readonly vscode.Uri[]> {
  const many = Array.isArray(selected) ? selected.map(uriOf).filter((uri) => uri !== undefined) : [];
  if (many.length > 0) return many;
  const one = uriOf(target);
  if (one !== undefined) return [one];
  const active = vscode.window.activeTextEditor?.document.uri;
  if (active !== undefined && /\.(json|jsonl|parquet)$/i.test(active.path)) return [active];
  const picked = await vscode.window.showOpenDialog({
    title: vscode.l10n.t('Dataset to rebalance'),
    openLabel: vscode.l10n.t('Rebalance'),
    filters: { [vscode.l10n.t('Datasets')]: ['json', 'jsonl', 'parquet'] },
  });
  return picked ?? [];
}

/** The explorer passes URIs, the tree its nodes. */
function uriOf(target: unknown): vscode.Uri | undefined {
  if (target instanceof vscode.Uri) return target;
  if (typeof target !== 'object' || target === null || !('file' in target)) return undefined;
  const { file } = target;
  if (typeof file === 'object' && file !== null && 'uri' in file && file.uri instanceof vscode.Uri) return file.uri;
  return undefined;
}
