import type { RunChoice } from '../../protocol/instancesPage.ts';
import type { RunSummary } from '../../protocol/runs.ts';
import type { Localize } from '../errors/errorCatalogue.ts';
import { collectRunHeading } from '../runs/collectRun.ts';

/** The runs of a dataset whose verdicts can be shown, newest first. A run that was written over by a later one has no manifest. */
export function runChoices(runs: readonly RunSummary[], dataset: string, t: Localize, locale: string): readonly RunChoice[] {
  const own = runs.filter((run) => run.dataset === dataset && run.manifestState === 'present');
  const distinct = own.filter(({ manifest }, i) => own.findIndex((other) => other.manifest === manifest) === i);
  return distinct.map((run) => {
    const { label, description } = collectRunHeading(run, t, locale);
    return { manifest: run.manifest, label: t('{0} · {1}', label, description) };
  });
}
