import * as vscode from 'vscode';
import { commandIds } from '../contributions.ts';
import { escapeMarkdown } from '../plainText.ts';
import { collectStagingHeading, type StagingRow } from './collectStaging.ts';
import type { StagingNode } from './stagingsTree.ts';

export function stagingItem(node: StagingNode): vscode.TreeItem {
  switch (node.kind) {
    case 'staging': {
      const heading = collectStagingHeading(node.summary, vscode.l10n.t, vscode.env.language);
      const item = new vscode.TreeItem(heading.label, vscode.TreeItemCollapsibleState.Collapsed);
      item.id = node.staging;
      item.description = heading.description;
      item.tooltip = new vscode.MarkdownString(escapeMarkdown(heading.tooltip));
      item.contextValue = heading.contextValue;
      item.iconPath = new vscode.ThemeIcon(heading.icon);
      item.accessibilityInformation = { label: heading.spoken };
      return item;
    }
    case 'row':
      return rowItem(node.staging, node.row);
    case 'note': {
      const item = new vscode.TreeItem(node.text);
      item.id = node.id;
      item.tooltip = node.tooltip;
      item.contextValue = 'note';
      item.iconPath = new vscode.ThemeIcon('warning');
      return item;
    }
  }
}

function rowItem(staging: string, row: StagingRow): vscode.TreeItem {
  const { Expanded, None } = vscode.TreeItemCollapsibleState;
  const item = new vscode.TreeItem(row.label, row.rows === undefined ? None : Expanded);
  item.id = `${staging}#${row.id}`;
  item.description = row.value;
  item.tooltip = row.tooltip;
  item.contextValue = row.kind;
  item.iconPath = new vscode.ThemeIcon(row.icon);
  if (row.kind === 'dataset')
    item.command = {
      command: commandIds.synthesizeTail,
      title: vscode.l10n.t('Open the Panel'),
      arguments: [vscode.Uri.file(row.tooltip)],
    };
  return item;
}
