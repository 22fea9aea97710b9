import * as vscode from 'vscode';
import type { DatasetsTree } from './datasetsTree.ts';
import { candidatesBelow, isSkipped } from './findDatasets.ts';

/** Files are written in bursts; the first change of a burst waits this long for the others, the last one no longer. */
const coalesceMs = 250;

const datasetPattern = '**/*.{json,jsonl,parquet}';

/** Keeps the view in step with the disk and with what editors hold. */
export function watchDatasets(tree: DatasetsTree): vscode.Disposable {
  const written = vscode.workspace.createFileSystemWatcher(datasetPattern, false, false, true);
  // A folder that comes or goes is told as one event, whatever it holds.
  const folders = vscode.workspace.createFileSystemWatcher('**/*', false, true, false);
  const changes = new Map<string, vscode.Uri>();
  let timer: NodeJS.Timeout | undefined;
  const apply = async (): Promise<void> => {
    timer = undefined;
    const uris = [...changes.values()];
    changes.clear();
    const inFolders = await Promise.all(uris.filter((uri) => !isDatasetName(uri)).map(filesBelow));
    await tree.applyChanges([...uris.filter(isDatasetName), ...inFolders.flat()], []);
  };
  const later = (uri: vscode.Uri): void => {
    changes.set(uri.toString(), uri);
    timer ??= setTimeout(() => void apply(), coalesceMs);
  };
  const gone = (uris: readonly vscode.Uri[]): void => {
    for (const uri of uris) changes.delete(uri.toString());
    void tree.applyChanges([], uris);
  };
  return vscode.Disposable.from(
    written,
    folders,
    { dispose: () => clearTimeout(timer) },
    written.onDidCreate(later),
    written.onDidChange(later),
    folders.onDidCreate((uri) => {
      if (!looksLikeFile(uri) && !isSkipped(uri)) later(uri);
    }),
    folders.onDidDelete((uri) => gone([uri])),
    // What the editor itself does is known before any watcher has seen it, and where none can.
    vscode.workspace.onDidDeleteFiles(({ files }) => gone(files)),
    vscode.workspace.onDidRenameFiles(({ files }) => gone(files.map(({ oldUri }) => oldUri))),
    vscode.workspace.onDidChangeTextDocument(({ document }) => tree.textEdited(document.uri, document.isDirty)),
    vscode.workspace.onDidSaveTextDocument(({ uri }) => later(uri)),
    vscode.workspace.onDidCloseTextDocument(({ uri }) => tree.textEdited(uri, false)),
  );
}

function isDatasetName({ path }: vscode.Uri): boolean {
  return /\.(json|jsonl|parquet)$/i.test(path);
}

/** By its name: files have extensions, folders hardly ever. */
function looksLikeFile({ path }: vscode.Uri): boolean {
  return /\.[a-z]\w*$/i.test(path);
}

/** What lies in a new folder; a folder inside another new one is found with that. */
async function filesBelow(uri: vscode.Uri, _i: number, all: readonly vscode.Uri[]): Promise<readonly vscode.Uri[]> {
  if (all.some((other) => uri.path.startsWith(`${other.path}/`))) return [];
  const stat = await Promise.resolve(vscode.workspace.fs.stat(uri)).catch(() => undefined);
  return stat !== undefined && (stat.type & vscode.FileType.Directory) !== 0 ? candidatesBelow(uri) : [];
}
