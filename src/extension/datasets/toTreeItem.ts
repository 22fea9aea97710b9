import * as vscode from 'vscode';
import { plainText } from '../plainText.ts';
import type { InspectionRow } from './collectInspection.ts';
import type { DatasetNode } from './datasetsTree.ts';
import { formatBytes } from './formatBytes.ts';
import { isOpenable } from './openable.ts';
import { problemLabel } from './problemLabels.ts';

const factIcons: Readonly<Record<Extract<InspectionRow, { kind: 'fact' }>['name'], string>> = {
  variant: 'symbol-structure',
  instances: 'list-ordered',
  turns: 'comment-discussion',
  images: 'file-media',
  parts: 'files',
};

export function toTreeItem(node: DatasetNode): vscode.TreeItem {
  const base = node.file.uri.toString();
  switch (node.kind) {
    case 'dataset':
      return datasetItem(node);
    case 'row': {
      const { row } = node;
      const hasProblems = row.kind === 'problems' && row.total > 0;
      const item = new vscode.TreeItem(
        row.label,
        hasProblems ? vscode.TreeItemCollapsibleState.Collapsed : vscode.TreeItemCollapsibleState.None,
      );
      item.id = `${base}#${row.kind === 'fact' ? row.name : 'problems'}`;
      item.description = row.value;
      item.tooltip = `${row.label}: ${row.value}`;
      item.contextValue = row.kind;
      item.iconPath = new vscode.ThemeIcon(row.kind === 'fact' ? factIcons[row.name] : hasProblems ? 'warning' : 'pass');
      return item;
    }
    case 'problem': {
      const { code, count, line, message, file } = node.problem;
      const item = new vscode.TreeItem(problemLabel(code, vscode.l10n.t));
      item.id = `${base}#problem.${code}`;
      item.description = line === undefined ? String(count) : vscode.l10n.t('{0}, first at line {1}', count, line);
      item.tooltip = message ?? code;
      item.contextValue = 'problem';
      item.iconPath = new vscode.ThemeIcon('warning');
      if (line !== undefined && isOpenable(node.file.uri.path, node.file.bytes)) {
        const target = file === undefined ? node.file.uri : vscode.Uri.file(file);
        const at = new vscode.Position(Math.max(0, line - 1), 0);
        item.command = {
          command: 'vscode.open',
          title: vscode.l10n.t('Open File'),
          arguments: [target, { selection: new vscode.Range(at, at) }],
        };
      }
      return item;
    }
    case 'note': {
      const item = new vscode.TreeItem(node.text);
      item.id = `${base}#note`;
      item.tooltip = node.text;
      item.contextValue = 'note';
      item.iconPath = new vscode.ThemeIcon(node.icon);
      if (node.icon === 'lock') item.command = { command: 'workbench.trust.manage', title: vscode.l10n.t('Manage Workspace Trust') };
      return item;
    }
  }
}

function datasetItem({ file: { uri, bytes }, problems }: Extract<DatasetNode, { kind: 'dataset' }>): vscode.TreeItem {
  const item = new vscode.TreeItem(uri, vscode.TreeItemCollapsibleState.Collapsed);
  const size = formatBytes(bytes, vscode.env.language);
  const folder = plainText(vscode.workspace.asRelativePath(uri).split('/').slice(0, -1).join('/'));
  const name = plainText(uri.path.split('/').pop() ?? '');
  const place = folder === '' ? size : vscode.l10n.t('{0} · {1}', folder, size);
  const count = new Intl.NumberFormat(vscode.env.language).format(problems);
  item.id = uri.toString();
  item.label = name;
  item.description = problems === 0 ? place : vscode.l10n.t('{0} · problems: {1}', place, count);
  item.contextValue = 'dataset';
  item.iconPath = new vscode.ThemeIcon('database');
  item.accessibilityInformation = {
    label:
      problems === 0 ? vscode.l10n.t('Dataset {0}, {1}', name, size) : vscode.l10n.t('Dataset {0}, {1}, problems: {2}', name, size, count),
  };
  // No tooltip: it is made when somebody hovers.
  if (isOpenable(name, bytes)) item.command = { command: 'vscode.open', title: vscode.l10n.t('Open File'), arguments: [uri] };
  return item;
}
