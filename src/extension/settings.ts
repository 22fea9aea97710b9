import * as vscode from 'vscode';
import { settingIds } from './contributions.ts';
import { type DatasetSettings, textListSetting, textSetting, threadsSetting } from './settingValues.ts';

/** Another Node for the engine, or undefined for VS Code's own. Machine scope: a workspace can never set it. */
export function readNodePath(): string | undefined {
  return textSetting(vscode.workspace.getConfiguration().get<unknown>(settingIds.nodePath));
}

/** The settings in force for a dataset or a workspace folder. */
export function readDatasetSettings(scope: vscode.Uri): DatasetSettings {
  const configuration = vscode.workspace.getConfiguration(undefined, scope);
  return {
    imageRoots: textListSetting(configuration.get<unknown>(settingIds.imageRoots)),
    runFolder: textSetting(configuration.get<unknown>(settingIds.runFolder)),
    threads: threadsSetting(configuration.get<unknown>(settingIds.threads)),
  };
}

/** Whether a change of the configuration concerns requests on datasets. */
export function isDatasetSettingChange(event: vscode.ConfigurationChangeEvent): boolean {
  return [settingIds.imageRoots, settingIds.runFolder].some((id) => event.affectsConfiguration(id));
}
