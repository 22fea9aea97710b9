import { open } from 'node:fs/promises';
import * as vscode from 'vscode';
import { isCandidateName, looksLikeJsonDataset, looksLikeParquetDataset, sniffBytes } from './detectDataset.ts';

/** Resources of other file systems can only be read whole; larger ones are not looked at. */
const virtualLimitBytes = 4 * 1024 * 1024;

export interface DatasetFile {
  readonly uri: vscode.Uri;
  readonly bytes: number;
  readonly modifiedMs: number;
}

/** The file as a dataset, or undefined when it does not look like one or cannot be read. Reads at most 64 KB of a local file. */
export async function readSample(uri: vscode.Uri): Promise<DatasetFile | undefined> {
  const name = uri.path.split('/').pop() ?? '';
  if (!isCandidateName(name)) return undefined;
  try {
    const stat = await vscode.workspace.fs.stat(uri);
    if ((stat.type & vscode.FileType.File) === 0) return undefined;
    const isParquet = /\.parquet$/i.test(name);
    const sample = await readEnd(uri, stat.size, isParquet);
    if (sample === undefined) return undefined;
    const isDataset = isParquet ? looksLikeParquetDataset(sample) : looksLikeJsonDataset(sample);
    return isDataset ? { uri, bytes: stat.size, modifiedMs: stat.mtime } : undefined;
  } catch {
    return undefined; // gone or not readable: not a dataset for this view
  }
}

async function readEnd(uri: vscode.Uri, size: number, fromEnd: boolean): Promise<Uint8Array | undefined> {
  const length = Math.min(size, sniffBytes);
  if (uri.scheme !== 'file') {
    if (size > virtualLimitBytes) return undefined;
    const all = await vscode.workspace.fs.readFile(uri);
    return fromEnd ? all.subarray(all.length - length) : all.subarray(0, length);
  }
  const file = await open(uri.fsPath, 'r');
  try {
    const { bytesRead, buffer } = await file.read(new Uint8Array(length), 0, length, fromEnd ? size - length : 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
