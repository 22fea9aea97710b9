import * as vscode from 'vscode';
import type { MethodDeclaration, SynthesizeRequest } from '../../protocol/synthesis.ts';
import type { KeyView, SynthesisFolder, SynthesisResultAction, SynthesisSettings } from '../../protocol/synthesisPage.ts';
import { commandIds } from '../contributions.ts';
import { revealPath } from '../revealPath.ts';
import type { EndpointKeys } from './endpointKeys.ts';
import { askedEndpoints, methodOf, originOf } from './synthesizeRequest.ts';

export interface SynthesisPlace {
  readonly dataset: string;
  readonly staging: string;
  readonly keys: EndpointKeys;
  /** Endpoints that the settings ask. */
  readonly views: readonly KeyView[];
}

/** What the buttons beside a plan and its candidates do. */
export async function runSynthesisAction(action: SynthesisResultAction, { dataset, staging, keys, views }: SynthesisPlace): Promise<void> {
  switch (action) {
    case 'review':
      await openReview(staging);
      break;
    case 'compose':
      await vscode.commands.executeCommand(commandIds.composeDataset, { dataset, staging });
      break;
    case 'revealStaging':
      await revealPath(staging);
      break;
    case 'setKey': {
      const origin = await originToKey(views);
      if (origin !== undefined) await keys.askFor(origin);
      break;
    }
    case 'forgetKey':
      await keys.askToForget(views.find(({ standing }) => standing === 'stored')?.origin);
      break;
  }
}

export function openReview(staging: string): Thenable<unknown> {
  return vscode.commands.executeCommand(commandIds.reviewSynthesis, { staging });
}

/** Keys travel to the engine with the call, and nowhere else; a plan asks nobody and needs none. */
export async function secretsOf(
  settings: SynthesisSettings,
  declarations: readonly MethodDeclaration[],
  keys: EndpointKeys,
): Promise<Pick<SynthesizeRequest, 'apiKey' | 'textApiKey'>> {
  const asked = askedEndpoints(settings, methodOf(settings.method, declarations)).map(originOf);
  const keyFor = async (url: string | undefined): Promise<string | undefined> => {
    const origin = originOf(url);
    return asked.includes(origin) ? keys.keyOf(origin) : undefined;
  };
  const [apiKey, textApiKey] = [await keyFor(settings.endpoint), await keyFor(settings.textEndpoint)];
  return { ...(apiKey === undefined ? {} : { apiKey }), ...(textApiKey === undefined ? {} : { textApiKey }) };
}

/** Asks for a folder; null when the user gives up. */
export async function pickFolder(folder: SynthesisFolder, near: string): Promise<string | null> {
  const titles: Readonly<Record<SynthesisFolder, string>> = {
    modelFolder: vscode.l10n.t('Folder of the local model'),
    staging: vscode.l10n.t('Folder where candidates wait for review'),
  };
  const picked = await vscode.window.showOpenDialog({
    title: titles[folder],
    openLabel: vscode.l10n.t('Choose'),
    canSelectFiles: false,
    canSelectFolders: true,
    defaultUri: vscode.Uri.file(near),
  });
  return picked?.[0]?.fsPath ?? null;
}

/** The endpoint whose key is meant: the only one, or the one that the user picks. */
async function originToKey(views: readonly KeyView[]): Promise<string | undefined> {
  if (views.length < 2) return views[0]?.origin;
  const items = views.map(({ origin, sentence }) => ({ label: origin, description: sentence }));
  return (await vscode.window.showQuickPick(items, { placeHolder: vscode.l10n.t('Choose the endpoint whose key to set') }))?.label;
}
