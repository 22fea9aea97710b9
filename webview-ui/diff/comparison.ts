import type { DiffPage } from '../../src/protocol/diffPage.ts';
import type { DiffReport } from '../../src/protocol/reports.ts';

import { element } from '../shared/element.ts';
import { HostFailure } from '../shared/hostBridge.ts';
import { Notices } from '../shared/notices.ts';
import { messageOf } from '../shared/problems.ts';
import { ComparisonHeader } from './comparisonHeader.ts';
import { EntitiesSection } from './entitiesSection.ts';
import { InstancesSection } from './instancesSection.ts';
import type { PageContext } from './pageContext.ts';
import { ShapeSection } from './shapeSection.ts';
import { WorkLine } from './workLine.ts';

/** The page: asks for the comparison, shows it, and says what stands in its way. */
export class Comparison {
  readonly root: HTMLElement;
  readonly #context: PageContext;
  readonly #header: ComparisonHeader;
  readonly #notices = new Notices();
  readonly #work: WorkLine;
  readonly #body = element('div', { class: 'sections' });
  #tickets = 0;
  #running: AbortController | undefined;
  #report: DiffReport | undefined;
  #shapes: ShapeSection | undefined;
  #entities: EntitiesSection | undefined;
  #instances: InstancesSection | undefined;

  constructor(context: PageContext) {
    this.#context = {
      ...context,
      report: (error) => {
        context.report(error);
        this.#failed(error);
      },
    };
    this.#header = new ComparisonHeader(this.#context, {
      onTables: () => this.toggleTables(),
      onRefresh: () => void this.#compare(),
      onSide: (side) => this.#instances?.goTo(side),
    });
    this.#work = new WorkLine(this.#context, {
      onCancel: () => this.#running?.abort(),
      onAgain: () => void this.#compare(),
    });
    this.root = element('div', { class: 'comparison' }, this.#header.root, this.#notices.root, this.#work.root, this.#body);
  }

  start(): void {
    const { content, strings, bridge, report } = this.#context;
    if (content.refused === null) {
      void this.#compare();
      return;
    }
    const trust = { label: strings.state.manageTrust, run: () => void bridge.request('act', 'manageTrust').catch(report) };
    this.#notices.show({ kind: 'limits', message: content.refused, actions: [trust] });
  }

  progress({ ticket, text, share }: DiffPage['hostEvents']['progress']): void {
    if (ticket === this.#tickets && this.#running !== undefined) this.#work.working(text, share);
  }

  fileChanged({ which, kind }: DiffPage['hostEvents']['fileChanged']): void {
    const { strings, say, content } = this.#context;
    const { state, header } = strings;
    const message = say(kind === 'changed' ? state.changed : state.deleted, content[which].name);
    this.#notices.show({ kind: 'file', message, actions: [{ label: header.refresh, run: () => void this.#compare() }] });
  }

  toggleTables(): void {
    if (this.#report === undefined) return;
    const areShown = this.root.classList.toggle('as-tables');
    this.#header.tables(areShown);
    if (!areShown) this.draw();
  }

  /** Draws the charts in the colours of the theme. */
  draw(): void {
    this.#shapes?.draw();
  }

  dispose(): void {
    this.#running?.abort();
    for (const section of [this.#shapes, this.#entities, this.#instances]) section?.dispose();
  }

  async #compare(): Promise<void> {
    const { bridge, strings, announce } = this.#context;
    this.#running?.abort();
    const running = new AbortController();
    this.#running = running;
    const ticket = ++this.#tickets;
    this.#notices.clear('failure', 'file');
    this.#work.working(strings.state.comparing, null);
    this.root.setAttribute('aria-busy', 'true');
    try {
      const report = await bridge.request('compare', { ticket }, running.signal);
      if (running !== this.#running) return;
      this.#work.idle();
      this.#show(report);
    } catch (error: unknown) {
      if (running !== this.#running) return;
      if (error instanceof HostFailure && error.cancelled) {
        this.#work.stopped(strings.state.cancelled);
        announce(strings.state.cancelled);
      } else {
        this.#work.idle();
        this.#failed(error, () => void this.#compare());
      }
    } finally {
      if (running === this.#running) {
        this.#running = undefined;
        this.root.setAttribute('aria-busy', 'false');
      }
    }
  }

  #show(report: DiffReport): void {
    const { strings, say, announce } = this.#context;
    for (const section of [this.#shapes, this.#entities, this.#instances]) section?.dispose();
    this.#report = report;
    this.#header.show(report);
    this.#shapes = new ShapeSection(report, this.#context, () => this.#drawn());
    this.#entities = new EntitiesSection(report, this.#context, (error) => this.#failed(error, () => void this.#compare()));
    this.#instances = new InstancesSection(report, this.#context, (error, again) => this.#failed(error, again));
    this.#body.replaceChildren(this.#shapes.root, this.#entities.root, this.#instances.root);
    this.draw();
    const { id, image } = report.changed;
    announce(say(strings.state.done, report.common, report.removed, report.added, id + image));
  }

  /** Says what happened and what can be done; what is shown stays. */
  #failed(error: unknown, again?: () => void): void {
    if (error instanceof HostFailure && error.cancelled) return;
    const { strings, bridge, report } = this.#context;
    const reason = error instanceof HostFailure ? error.reason : undefined;
    const isAnother = reason === 'gone' || reason === 'changed';
    const actions: { label: string; run: () => void }[] = [];
    const act = (label: string, run: () => void): void => {
      const clearing = (): void => {
        this.#notices.clear('failure');
        run();
      };
      actions.push({ label, run: clearing });
    };
    if (isAnother) act(strings.header.refresh, () => void this.#compare());
    else if (again !== undefined) act(strings.state.tryAgain, again);
    if (reason === 'engine') actions.push({ label: strings.state.showLog, run: () => void bridge.request('act', 'showLog').catch(report) });
    if (!isAnother && again === undefined) act(strings.state.dismiss, () => undefined);
    const message = messageOf(error);
    this.#notices.show({ kind: 'failure', message, actions });
  }

  #drawn(): void {
    const report = this.#report;
    if (report === undefined) return;
    this.#context.bridge.tell('drawn', {
      theme: document.body.dataset.vscodeThemeKind ?? '',
      common: report.common,
      added: report.added,
      removed: report.removed,
      changed: report.changed.id + report.changed.image,
      charts: [...(this.#shapes?.drawn() ?? [])],
    });
  }
}
