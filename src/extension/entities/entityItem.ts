import * as vscode from 'vscode';
import type { EntityPage } from '../../protocol/entities.ts';
import type { Perspective } from '../../protocol/perspectives.ts';
import { commandIds } from '../contributions.ts';
import { perspectiveTitle } from '../perspectiveTitle.ts';
import { perspectiveText } from './collectEntities.ts';
import type { EntityNode } from './entitiesTree.ts';

const perspectiveIcons: Readonly<Record<Perspective, string>> = {
  token: 'symbol-string',
  object: 'symbol-class',
  cooccurrence: 'references',
  interrogation: 'question',
};

export interface EntityContext {
  /** Part of every row's id: another dataset's perspectives start closed, so that choosing one extracts nothing. */
  readonly dataset: string;
  /** The first loaded page of a perspective, undefined before it was opened. */
  readonly page: EntityPage | undefined;
  readonly isFiltered: boolean;
}

export function entityItem(node: EntityNode, { dataset, page, isFiltered }: EntityContext): vscode.TreeItem {
  const base = `${dataset}#${node.perspective ?? 'dataset'}`;
  switch (node.kind) {
    case 'perspective': {
      const title = perspectiveTitle(node.perspective, vscode.l10n.t);
      const item = new vscode.TreeItem(title, vscode.TreeItemCollapsibleState.Collapsed);
      const text = page === undefined ? '' : perspectiveText(page, isFiltered, vscode.l10n.t, vscode.env.language);
      item.id = base;
      item.description = text;
      item.tooltip = text === '' ? title : vscode.l10n.t('{0}: {1}', title, text);
      item.contextValue = 'perspective';
      item.iconPath = new vscode.ThemeIcon(perspectiveIcons[node.perspective]);
      return item;
    }
    case 'entity': {
      const { entity, label, description, tooltip, spoken, icon } = node.row;
      const item = new vscode.TreeItem(label);
      item.id = `${base}#entity.${entity}`;
      item.description = description;
      item.tooltip = tooltip;
      item.contextValue = 'entity';
      item.iconPath = new vscode.ThemeIcon(icon);
      item.accessibilityInformation = { label: spoken };
      item.command = { command: commandIds.showInstances, title: vscode.l10n.t('Show Instances'), arguments: [node] };
      return item;
    }
    case 'more': {
      const n = (value: number): string => new Intl.NumberFormat(vscode.env.language).format(value);
      const item = new vscode.TreeItem(vscode.l10n.t('Show more'));
      item.id = `${base}#more`;
      item.description = vscode.l10n.t('{0} of {1}', n(node.shown), n(node.matches));
      item.contextValue = 'more';
      item.iconPath = new vscode.ThemeIcon('ellipsis');
      item.command = { command: commandIds.showMoreEntities, title: vscode.l10n.t('Show more'), arguments: [node] };
      return item;
    }
    case 'note': {
      const item = new vscode.TreeItem(node.text);
      item.id = `${base}#note`;
      item.tooltip = node.text;
      item.contextValue = 'note';
      item.iconPath = new vscode.ThemeIcon(node.icon);
      if (node.canRetry) item.command = { command: commandIds.refreshEntities, title: vscode.l10n.t('Try Again') };
      return item;
    }
  }
}
