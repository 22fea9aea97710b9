import * as vscode from 'vscode';
import type { InstanceDetail } from '../../protocol/browse.ts';
import type { EntityPage } from '../../protocol/entities.ts';
import type { DetailView, EntityChoices } from '../../protocol/instancesPage.ts';
import type { Override } from '../../protocol/plan.ts';
import { problemLabel } from '../datasets/problemLabels.ts';
import { plainText } from '../plainText.ts';
import { clusterFacts } from './clusterFacts.ts';

/** An instance as the page shows it: its problems in words, and the override of the working plan. */
export function detailView(detail: InstanceDetail, overrides: readonly Override[]): DetailView {
  const { content, duplicate } = detail.instanceKey;
  const override = overrides.find((each) => each.content === content && each.duplicate === duplicate);
  const n = (value: number): string => new Intl.NumberFormat(vscode.env.language).format(value);
  return {
    detail,
    problems: detail.problems.map(({ code, line, byteStart, message }) => ({
      label: problemLabel(code, vscode.l10n.t),
      place: vscode.l10n.t('line {0}, byte {1}', n(line), n(byteStart)),
      message,
    })),
    cluster: detail.cluster === undefined ? null : clusterFacts(detail.cluster, vscode.l10n.t, vscode.env.language),
    override: override === undefined ? null : { verdict: override.verdict, reason: override.reason },
  };
}

/** Entities to choose from, with where they stand in the long tail. */
export function entityChoices({ matches, rows, tau }: EntityPage): EntityChoices {
  return {
    matches,
    rows: rows.map(({ entity, frequency, pair }) => ({
      entity,
      label: plainText(pair === undefined ? entity : pair.join(' + ')),
      frequency,
      tail: tau !== null && frequency <= tau,
    })),
  };
}
