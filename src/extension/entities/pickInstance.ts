import * as vscode from 'vscode';
import type { EntityInstances } from '../../protocol/entities.ts';
import type { Perspective } from '../../protocol/perspectives.ts';
import { viewIds } from '../contributions.ts';
import type { EngineHost } from '../engine/engineHost.ts';
import { plainPickText } from '../plainText.ts';

const pageSize = 200;

interface InstanceItem extends vscode.QuickPickItem {
  /** Undefined for "Show more". */
  readonly ordinal: number | undefined;
}

export interface EntityTarget {
  readonly perspective: Perspective;
  readonly entity: string;
}

/** Lets the user pick one of the instances that hold an entity; gives its ordinal. */
export async function pickInstance(engine: EngineHost, dataset: string, target: EntityTarget): Promise<number | undefined> {
  let items: readonly InstanceItem[] = [];
  for (;;) {
    const page = await vscode.window.withProgress({ location: { viewId: viewIds.entities } }, () =>
      engine.request('entities/instances', { dataset, ...target, offset: items.length, limit: pageSize }),
    );
    items = [...items, ...page.instances.map(instanceItem)];
    const picked = await vscode.window.showQuickPick([...items, ...moreItem(items.length, page)], {
      title: vscode.l10n.t('Instances with "{0}": {1} of {2}', plainPickText(target.entity, 60), n(items.length), n(page.frequency)),
      placeHolder: vscode.l10n.t('Choose an instance to open'),
      matchOnDescription: true,
      matchOnDetail: true,
    });
    if (picked === undefined || picked.ordinal !== undefined) return picked?.ordinal;
  }
}

function instanceItem({ ordinal, id, begin }: EntityInstances['instances'][number]): InstanceItem {
  return {
    ordinal,
    label: vscode.l10n.t('Instance {0}', ordinal),
    description: id === null ? '' : plainPickText(id, 80),
    detail: plainPickText(begin),
  };
}

function moreItem(shown: number, page: EntityInstances): readonly InstanceItem[] {
  if (shown >= page.frequency || page.instances.length === 0) return [];
  const description = vscode.l10n.t('{0} of {1}', n(shown), n(page.frequency));
  return [{ ordinal: undefined, label: vscode.l10n.t('Show more'), description, alwaysShow: true }];
}

function n(value: number): string {
  return new Intl.NumberFormat(vscode.env.language).format(value);
}
