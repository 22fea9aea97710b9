import * as path from 'node:path';
import * as vscode from 'vscode';

/** A file is written in many small steps; one sentence about it is enough. */
const coalesceMs = 500;

/**
 * Tells that a file of the disk was changed, made anew or deleted: once it rests, or with `grows` every so often while it is written, and
 * once more after the last change.
 */
export function watchFile(file: string, onDidChange: () => void, { grows = false } = {}): vscode.Disposable {
  const { dir, base } = path.parse(file.replace(/(\.json)#[^/\\]*$/i, '$1'));
  const pattern = new vscode.RelativePattern(vscode.Uri.file(dir), base.replace(/[[\]{}?*]/g, '[$&]'));
  const watcher = vscode.workspace.createFileSystemWatcher(pattern);
  let timer: NodeJS.Timeout | undefined;
  const later = (): void => {
    if (grows && timer !== undefined) return;
    clearTimeout(timer);
    timer = setTimeout(() => {
      timer = undefined;
      onDidChange();
    }, coalesceMs);
  };
  return vscode.Disposable.from(watcher, watcher.onDidChange(later), watcher.onDidCreate(later), watcher.onDidDelete(later), {
    dispose: () => clearTimeout(timer),
  });
}
