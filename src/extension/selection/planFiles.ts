import * as path from 'node:path';
import * as vscode from 'vscode';
import { planSuffix, type RebalancePlan } from '../../protocol/plan.ts';
import type { EngineHost } from '../engine/engineHost.ts';
import { exists } from './outputPath.ts';
import { planFileName } from './planFileName.ts';
import { normalized } from './planKnobs.ts';

/** Asks where, and writes the plan there. Undefined when the user gives up. */
export async function savePlanFile(engine: EngineHost, plan: RebalancePlan): Promise<string | undefined> {
  const { dir, name } = path.parse(plan.dataset);
  const chosen = await vscode.window.showSaveDialog({
    title: vscode.l10n.t('Save Plan'),
    defaultUri: vscode.Uri.file(path.join(dir, `${name}${planSuffix}`)),
    filters: { [vscode.l10n.t('Ballast plans')]: [planSuffix.slice(1)] },
  });
  if (chosen === undefined) return undefined;
  const file = planFileName(chosen.fsPath);
  // The dialog has asked about the name that was typed, not about the one with the ending.
  if (file !== chosen.fsPath && (await exists(file)) && !(await mayReplace(file))) return undefined;
  await engine.request('plan/write', { path: file, plan: normalized(plan) });
  return file;
}

async function mayReplace(file: string): Promise<boolean> {
  const replace = vscode.l10n.t('Replace');
  const question = vscode.l10n.t('{0} exists. Replace it?', path.basename(file));
  return (await vscode.window.showWarningMessage(question, { modal: true }, replace)) === replace;
}

/** Asks for a plan file or the manifest of a run. Undefined when the user gives up. */
export async function pickPlanFile(folder: string | undefined): Promise<string | undefined> {
  const picked = await vscode.window.showOpenDialog({
    title: vscode.l10n.t('Plan, or manifest of a run'),
    openLabel: vscode.l10n.t('Load Plan'),
    ...(folder === undefined ? {} : { defaultUri: vscode.Uri.file(folder) }),
    filters: { [vscode.l10n.t('Plans and manifests')]: ['json'] },
  });
  return picked?.[0]?.fsPath;
}
