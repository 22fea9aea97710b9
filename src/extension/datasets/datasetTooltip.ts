import * as vscode from 'vscode';
import type { InspectReport } from '../../protocol/dataset.ts';
import { escapeMarkdown } from '../plainText.ts';
import { problemTotal } from './collectInspection.ts';
import { formatBytes } from './formatBytes.ts';
import type { DatasetFile } from './readSample.ts';

/** The editor cuts the text of a hover here, a picture in the middle of its data. */
const hoverLimit = 100_000;

/** What a dataset's row says when it is hovered: place, size, what the engine found so far, and its first picture (a data URI). */
export function datasetTooltip(file: DatasetFile, report: InspectReport | undefined, picture: string | undefined): vscode.MarkdownString {
  const locale = vscode.env.language;
  const n = new Intl.NumberFormat(locale);
  const path = file.uri.scheme === 'file' ? file.uri.fsPath : file.uri.toString(true);
  const time = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' }).format(file.modifiedMs);
  const lines = [path, vscode.l10n.t('{0}, changed {1}', formatBytes(file.bytes, locale), time)];
  if (report !== undefined) {
    const { variant, format } = report.dataset;
    lines.push(vscode.l10n.t('{0}, {1}: {2} instances', variant, format, n.format(report.instances)));
    lines.push(vscode.l10n.t('Problems: {0}', n.format(problemTotal(report))));
  }
  const text = escapeMarkdown(lines);
  const image = picture === undefined ? '' : `\n\n![${vscode.l10n.t('First image of the dataset')}](${picture})`;
  return new vscode.MarkdownString(text.length + image.length < hoverLimit ? text + image : text);
}
