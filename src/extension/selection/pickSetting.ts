import * as vscode from 'vscode';
import type { RebalanceReport } from '../../protocol/reports.ts';
import type { RebalanceRequest } from '../../protocol/requests.ts';
import type { EngineHost } from '../engine/engineHost.ts';
import { progressText } from './progressText.ts';
import { parseTarget, type RebalanceSetting } from './rebalanceSetting.ts';

interface SettingItem extends vscode.QuickPickItem {
  readonly setting?: RebalanceSetting;
}

const offeredPercents = [75, 50, 25];

/**
 * Asks how much to keep. While the pick is open the engine computes the exact expected volume of the paper's setting (`request`), which
 * the item then shows; nobody has to wait for it. Undefined when dismissed.
 */
export async function pickSetting(
  engine: EngineHost,
  request: RebalanceRequest,
  name: string,
  last: RebalanceSetting | undefined,
): Promise<RebalanceSetting | undefined> {
  const chosen = await pickItem(engine, request, name, last);
  if (chosen === undefined || chosen.setting !== undefined) return chosen?.setting;
  return askTarget(name);
}

async function pickItem(
  engine: EngineHost,
  request: RebalanceRequest,
  name: string,
  last: RebalanceSetting | undefined,
): Promise<SettingItem | undefined> {
  const pick = vscode.window.createQuickPick<SettingItem>();
  const source = new vscode.CancellationTokenSource();
  const title = vscode.l10n.t('Rebalance {0}', name);
  pick.title = title;
  pick.placeholder = vscode.l10n.t('How much of the dataset should stay?');
  pick.items = settingItems(last, undefined);
  pick.busy = true;
  const expecting = engine
    .request(
      'selection/rebalance',
      { ...request, dryRun: true },
      { token: source.token, onProgress: (p) => (pick.title = `${title} · ${progressText(p, vscode.l10n.t)}`) },
    )
    .then(
      (report) => {
        const active = pick.activeItems[0]?.label;
        pick.items = settingItems(last, report);
        pick.activeItems = pick.items.filter((item) => item.label === active);
      },
      () => undefined, // the real run meets the same error and reports it
    )
    .finally(() => {
      pick.title = title;
      pick.busy = false;
    });
  try {
    return await new Promise<SettingItem | undefined>((resolve) => {
      pick.onDidAccept(() => resolve(pick.selectedItems[0]));
      pick.onDidHide(() => resolve(undefined));
      pick.show();
    });
  } finally {
    source.cancel();
    await expecting; // the dataset must be free before the real run starts
    pick.dispose();
    source.dispose();
  }
}

function settingItems(last: RebalanceSetting | undefined, expected: RebalanceReport | undefined): SettingItem[] {
  const items: SettingItem[] = [];
  if (last !== undefined) items.push({ label: vscode.l10n.t('Same as Last Time'), description: describeSetting(last), setting: last });
  items.push({
    label: vscode.l10n.t('Paper Setting'),
    description: expected === undefined ? vscode.l10n.t('mass .90 / .90 / .75 / .90') : expectation(expected),
    detail: vscode.l10n.t('Threshold by mass for token, object, cooccurrence and interrogation; every instance with a tail entity stays.'),
    setting: { kind: 'paper' },
  });
  items.push({ label: vscode.l10n.t('Target volume'), kind: vscode.QuickPickItemKind.Separator });
  for (const percent of offeredPercents)
    items.push({
      label: vscode.l10n.t('Keep {0} %', percent),
      description:
        expected === undefined
          ? ''
          : vscode.l10n.t('about {0} of {1} instances', n(Math.round((expected.instances * percent) / 100)), n(expected.instances)),
      setting: { kind: 'percent', value: percent },
    });
  items.push({ label: vscode.l10n.t('Custom Target…'), description: vscode.l10n.t('a percentage or a number of instances') });
  return items;
}

function expectation(report: RebalanceReport): string {
  return vscode.l10n.t(
    'expected {0} ± {1} of {2} instances',
    n(Math.round(report.expected)),
    n(Math.round(report.standardDeviation)),
    n(report.instances),
  );
}

function describeSetting(setting: RebalanceSetting): string {
  switch (setting.kind) {
    case 'paper':
      return vscode.l10n.t('Paper Setting');
    case 'percent':
      return vscode.l10n.t('Keep {0} %', setting.value);
    case 'count':
      return vscode.l10n.t('Keep {0} instances', n(setting.value));
  }
}

async function askTarget(name: string): Promise<RebalanceSetting | undefined> {
  const text = await vscode.window.showInputBox({
    title: vscode.l10n.t('Rebalance {0}', name),
    prompt: vscode.l10n.t('How much should stay: a percentage such as 60 %, or a number of instances such as 1500'),
    value: '60 %',
    validateInput: (value) =>
      parseTarget(value) === undefined ? vscode.l10n.t('Write a percentage up to 100 % or a whole number of instances.') : undefined,
  });
  return text === undefined ? undefined : parseTarget(text);
}

function n(value: number): string {
  return new Intl.NumberFormat(vscode.env.language).format(value);
}
