import * as vscode from 'vscode';

/** The dataset that a command's argument stands for: the explorer passes URIs, the view *Datasets* its nodes. */
export function targetUri(target: unknown): vscode.Uri | undefined {
  if (target instanceof vscode.Uri) return target;
  if (typeof target !== 'object' || target === null || !('file' in target)) return undefined;
  const { file } = target;
  return typeof file === 'object' && file !== null && 'uri' in file && file.uri instanceof vscode.Uri ? file.uri : undefined;
}
