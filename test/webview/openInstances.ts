import { expect } from 'vitest';
import type { DrawnInstances, InstancesPage } from '../../src/protocol/instancesPage.ts';
import type { OpenPage } from './openPage.ts';

type Method = keyof InstancesPage['requests'];

/** What the page asked for, in order. */
export function asked<M extends Method>(open: OpenPage, method: M): InstancesPage['requests'][M]['params'][] {
  return open.messages.flatMap((message) =>
    message.kind === 'request' && message.method === method ? [message.params as InstancesPage['requests'][M]['params']] : [],
  );
}

/** What the page says it shows now. */
export function drawn(open: OpenPage): DrawnInstances | undefined {
  const last = open.messages.findLast((message) => message.kind === 'event' && message.name === 'drawn');
  return last?.kind === 'event' ? (last.payload as DrawnInstances) : undefined;
}

/** Waits until the page says that it shows something. */
export async function shows(open: OpenPage, wanted: Partial<DrawnInstances>): Promise<void> {
  await expect.poll(() => drawn(open), { timeout: 15_000 }).toMatchObject(wanted);
}

/** Waits until the dataset is indexed and its rows are drawn. */
export async function ready(open: OpenPage): Promise<void> {
  await shows(open, { indexed: true });
}

/** Ordinal of the row that has the focus, and null when none has. */
export function focusedOrdinal(open: OpenPage): Promise<number | null> {
  return open.page.evaluate(() => {
    const text = document.activeElement?.closest('.row')?.querySelector('b')?.textContent;
    return text === undefined || text === null ? null : Number(text.replace(/[#,]/g, ''));
  });
}

interface Violation {
  readonly id: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[];
}

/** What axe-core finds wrong. */
export async function violations(open: OpenPage, axeSource: string): Promise<string[]> {
  await open.page.evaluate(axeSource);
  return open.page.evaluate(async () => {
    const { axe } = window as unknown as { axe: { run(): Promise<{ violations: Violation[] }> } };
    return (await axe.run()).violations.map(
      ({ id, nodes }) => `${id}: ${nodes.map(({ html, failureSummary }) => `${html.slice(0, 200)} ${failureSummary}`).join(' | ')}`,
    );
  });
}
