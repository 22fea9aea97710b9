import * as vscode from 'vscode';
import { commandIds } from '../contributions.ts';
import { escapeMarkdown } from '../plainText.ts';
import type { ClusterNode } from './clustersTree.ts';
import type { ClusterRow } from './collectClusters.ts';

/** The editor cuts the text of a hover here, a picture in the middle of its data. */
const hoverLimit = 100_000;

/** @param base part of every row's id: another dataset's or clustering's rows start closed */
export function clusterItem(node: ClusterNode, base: string): vscode.TreeItem {
  switch (node.kind) {
    case 'cluster': {
      const { row, of } = node;
      const { None, Collapsed } = vscode.TreeItemCollapsibleState;
      const item = new vscode.TreeItem(row.label, of === undefined ? Collapsed : None);
      item.id = of === undefined ? `${base}#${row.cluster}` : `${base}#${of}#neighbour.${row.cluster}`;
      item.description = row.description;
      // No tooltip: it is made when somebody hovers.
      item.contextValue = 'cluster';
      item.iconPath = new vscode.ThemeIcon('circle-large-outline');
      item.accessibilityInformation = { label: row.spoken };
      item.command = { command: commandIds.showCluster, title: vscode.l10n.t('Open Clusters Panel'), arguments: [node] };
      return item;
    }
    case 'group': {
      const { group, row } = node;
      const isMembers = group === 'members';
      const count = new Intl.NumberFormat(vscode.env.language).format(isMembers ? row.size : row.related.length);
      const label = isMembers ? vscode.l10n.t('Members') : vscode.l10n.t('Neighbours');
      const item = new vscode.TreeItem(label, vscode.TreeItemCollapsibleState.Collapsed);
      item.id = `${base}#${row.cluster}#${group}`;
      item.description = count;
      item.tooltip = vscode.l10n.t('{0}: {1}', label, count);
      item.contextValue = group;
      item.iconPath = new vscode.ThemeIcon(isMembers ? 'list-unordered' : 'references');
      return item;
    }
    case 'member': {
      const { label, description, tooltip, ordinal } = node.member;
      const item = new vscode.TreeItem(label);
      item.id = `${base}#${node.cluster}#member.${ordinal}`;
      item.description = description;
      item.tooltip = tooltip;
      item.contextValue = 'member';
      item.iconPath = new vscode.ThemeIcon('file-text');
      item.command = { command: commandIds.browseCluster, title: vscode.l10n.t('Browse Instances'), arguments: [node] };
      return item;
    }
    case 'more': {
      const n = (value: number): string => new Intl.NumberFormat(vscode.env.language).format(value);
      const item = new vscode.TreeItem(vscode.l10n.t('Show more'));
      item.id = `${base}#${node.row?.cluster ?? ''}#more`;
      item.description = vscode.l10n.t('{0} of {1}', n(node.shown), n(node.total));
      item.contextValue = 'more';
      item.iconPath = new vscode.ThemeIcon('ellipsis');
      item.command = { command: commandIds.showMoreClusters, title: vscode.l10n.t('Show more'), arguments: [node] };
      return item;
    }
    case 'note': {
      const item = new vscode.TreeItem(node.text);
      item.tooltip = node.text;
      item.contextValue = 'note';
      item.iconPath = new vscode.ThemeIcon(node.icon);
      if (node.canRetry) item.command = { command: commandIds.refreshClusters, title: vscode.l10n.t('Try Again') };
      return item;
    }
  }
}

/** What a cluster's row says when it is hovered: its entities and numbers, and the picture of its medoid (a data URI). */
export function clusterTooltip(row: ClusterRow, picture: string | undefined): vscode.MarkdownString {
  const text = escapeMarkdown(row.tooltip);
  const image = picture === undefined ? '' : `\n\n![${vscode.l10n.t('Image of the medoid')}](${picture})`;
  return new vscode.MarkdownString(text.length + image.length < hoverLimit ? text + image : text);
}
