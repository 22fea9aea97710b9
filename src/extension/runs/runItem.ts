import * as vscode from 'vscode';
import { collectRunHeading, type RunRow } from './collectRun.ts';
import type { RunNode } from './runsTree.ts';

export function runItem(node: RunNode): vscode.TreeItem {
  switch (node.kind) {
    case 'run': {
      const heading = collectRunHeading(node.run, vscode.l10n.t, vscode.env.language);
      const item = new vscode.TreeItem(heading.label, vscode.TreeItemCollapsibleState.Collapsed);
      item.id = node.run.id;
      item.description = heading.description;
      item.tooltip = heading.tooltip;
      item.contextValue = heading.contextValue;
      item.iconPath = new vscode.ThemeIcon(heading.icon);
      item.accessibilityInformation = { label: vscode.l10n.t('Run {0}, {1}', heading.label, heading.description) };
      return item;
    }
    case 'row':
      return rowItem(node.run.id, node.row);
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

function rowItem(runId: string, row: RunRow): vscode.TreeItem {
  const { Collapsed, Expanded, None } = vscode.TreeItemCollapsibleState;
  const item = new vscode.TreeItem(row.label, row.rows === undefined ? None : row.id === 'checks' ? Expanded : Collapsed);
  item.id = `${runId}#${row.id}`;
  item.description = row.value;
  item.tooltip = row.tooltip;
  item.contextValue = row.kind;
  item.iconPath = new vscode.ThemeIcon(row.icon);
  if (row.path !== undefined && row.openable)
    item.command = { command: 'vscode.open', title: vscode.l10n.t('Open File'), arguments: [vscode.Uri.file(row.path)] };
  return item;
}
