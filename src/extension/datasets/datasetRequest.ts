import * as path from 'node:path';
import * as vscode from 'vscode';
import type { DatasetRequest } from '../../protocol/requests.ts';
import { localPath } from '../engine/engineHost.ts';
import { readDatasetSettings } from '../settings.ts';
import { requestForDataset } from '../settingValues.ts';

/**
 * The start of every engine request on a dataset: its path and what the settings of its folder say about image roots, run folder and
 * threads. Throws `EngineRequestError` `notLocal` for a resource that is no file of this machine.
 */
export function datasetRequest(uri: vscode.Uri): DatasetRequest {
  const dataset = localPath(uri);
  const folder = vscode.workspace.getWorkspaceFolder(uri)?.uri;
  const base = folder?.scheme === 'file' ? folder.fsPath : path.dirname(dataset);
  return requestForDataset(dataset, base, readDatasetSettings(uri));
}
