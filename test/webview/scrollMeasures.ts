import type { Page } from 'playwright-core';

/** What happened in the list while it was scrolled; times in milliseconds. */
export interface ScrollMeasures {
  readonly frames: number;
  /** Longest that a row in view had no content. */
  readonly blank: number;
  /** Slowest answer to a request for rows. */
  readonly answer: number;
  /** Longest time between two frames: how late the machine is, when nothing is scrolled. */
  readonly gap: number;
}

/** Watches the list of a page from now on. */
export function watchScrolling(page: Page): Promise<void> {
  return page.evaluate(() => {
    const seen = { blank: 0, frames: 0, gap: 0, answer: 0 };
    Object.assign(window, { seen });
    const sent = new Map<number, number>();
    const host = window as unknown as { toHost(message: { method?: string; id?: number }): void };
    const { toHost } = host;
    host.toHost = (message) => {
      if (message.method === 'rows' && message.id !== undefined) sent.set(message.id, performance.now());
      toHost(message);
    };
    window.addEventListener('message', ({ data }: MessageEvent<{ id?: number }>) => {
      const at = sent.get(data.id ?? -1);
      if (at !== undefined) seen.answer = Math.max(seen.answer, performance.now() - at);
    });
    const list = document.querySelector('.list');
    const since = new Map<string, number>();
    let before = performance.now();
    const tick = (): void => {
      const box = list?.getBoundingClientRect();
      const now = performance.now();
      seen.gap = Math.max(seen.gap, now - before);
      before = now;
      const blank = new Set<string>();
      for (const row of document.querySelectorAll<HTMLElement>('.row.loading')) {
        const { top, bottom } = row.getBoundingClientRect();
        if (box && bottom > box.top && top < box.bottom) blank.add(row.dataset.position ?? '');
      }
      for (const position of blank) {
        if (!since.has(position)) since.set(position, now);
        seen.blank = Math.max(seen.blank, now - (since.get(position) ?? now));
      }
      for (const position of since.keys()) if (!blank.has(position)) since.delete(position);
      seen.frames++;
      requestAnimationFrame(tick);
    };
    tick();
  });
}

/** What was seen since the last call. */
export function scrollMeasures(page: Page): Promise<ScrollMeasures> {
  return page.evaluate(() => {
    const { seen } = window as unknown as { seen: ScrollMeasures };
    const copy = { ...seen };
    Object.assign(seen, { blank: 0, frames: 0, gap: 0, answer: 0 });
    return copy;
  });
}

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  /** Microseconds by the clock, and of the thread's own work. */
  readonly dur?: number;
  readonly tdur?: number;
  readonly args?: { readonly name?: string };
}

/** Longest task of the page's main thread during `work`, in milliseconds of its own work: other processes do not lengthen it. */
export async function longestTask(page: Page, work: () => Promise<void>): Promise<number> {
  const browser = page.context().browser();
  if (browser === null) throw new Error('no browser');
  await browser.startTracing(page, { categories: ['disabled-by-default-devtools.timeline', 'devtools.timeline'] });
  await work();
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString()) as { traceEvents: readonly TraceEvent[] };
  const threadOf = ({ pid, tid }: TraceEvent): string => `${pid}:${tid}`;
  const mains = new Set(traceEvents.filter(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain').map(threadOf));
  const tasks = traceEvents.filter((event) => event.name === 'RunTask' && event.ph === 'X' && mains.has(threadOf(event)));
  if (tasks.length === 0) throw new Error('the trace holds no task of a page');
  return Math.max(...tasks.map(({ tdur, dur }) => tdur ?? dur ?? 0)) / 1000;
}
