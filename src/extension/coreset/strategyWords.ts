import type { ParameterView, StrategyView } from '../../protocol/coresetPage.ts';
import type { ParameterDeclaration, ParameterName, StrategyDeclaration, StrategyName } from '../../protocol/select.ts';
import type { Localize } from '../errors/errorCatalogue.ts';

/** What people call a strategy; names of methods stay as their authors write them. */
export function strategyLabel(name: StrategyName, t: Localize): string {
  const labels: Readonly<Record<StrategyName, string>> = {
    coincide: 'COINCIDE',
    hybrid: t('COINCIDE with floors'),
    'coincide-necessity': t('COINCIDE by visual necessity'),
    random: t('Random'),
    rebalance: t('ADR rebalancing'),
    semdedup: 'SemDeDup',
    d2: 'D2 Pruning',
    'self-filter': 'Self-Filter',
    'self-sup': 'Self-Sup',
    'clip-score': 'CLIP-Score',
    el2n: 'EL2N',
    perplexity: t('Perplexity'),
    'visual-necessity': t('Visual necessity'),
    column: t('Any score'),
  };
  return labels[name];
}

function strategySummary(name: StrategyName, t: Localize): string {
  const summaries: Readonly<Record<StrategyName, string>> = {
    coincide: t(
      'Clusters that carry over to others and are spread out give more; inside a cluster the instances are taken that stand for all of it.',
    ),
    hybrid: t(
      'COINCIDE, but no entity with enough instances falls below its floor. Clusters pay for it in proportion to what they were given.',
    ),
    'coincide-necessity': t('The budgets of COINCIDE; inside a cluster the instances that need their image most.'),
    random: t('The beginning of a seeded permutation: what any removal would do.'),
    rebalance: t('Thins the head of the long tail: all thresholds are scaled until exactly so many instances pass.'),
    semdedup: t('Drops instances that resemble a harder one of their cluster; the threshold follows from the size.'),
    d2: t('Difficulty and diversity: neighbours share their scores, and a pick lowers those around it.'),
    'self-filter': t('The most difficult first; each pick makes similar instances less wanted.'),
    'self-sup': t('Those farthest from the centroid of their cluster.'),
    'clip-score': t('The highest similarity of image and text.'),
    el2n: t('The largest error norm of a reference model.'),
    perplexity: t('The middle perplexity of a reference model.'),
    'visual-necessity': t('The largest loss without the image minus the loss with it.'),
    column: t('A cut by any score that you bring.'),
  };
  return summaries[name];
}

/** The declared strategies in words. */
export function strategyViews(declarations: readonly StrategyDeclaration[], t: Localize): readonly StrategyView[] {
  return declarations.map(({ name, needs, parameters }) => ({
    name,
    label: strategyLabel(name, t),
    summary: strategySummary(name, t),
    needs,
    parameters: parameters.map((declared) => parameterView(declared, name, t)),
  }));
}

function parameterView(declared: ParameterDeclaration, strategy: StrategyName, t: Localize): ParameterView {
  const words = parameterWords(declared.name, strategy, t);
  return { declared, ...words, choices: declared.kind === 'choice' ? declared.choices.map((choice) => choiceLabel(choice, t)) : [] };
}

function parameterWords(name: ParameterName, strategy: StrategyName, t: Localize): { readonly label: string; readonly help: string } {
  const words: Readonly<Record<ParameterName, { readonly label: string; readonly help: string }>> = {
    preset: {
      label: t('Preset'),
      help: t('The code of the authors, or their paper; the paper also refills what saturated clusters cannot give.'),
    },
    temperature: {
      label: t('Temperature'),
      help: t('Of the budgets: a small one favours the best clusters, a large one treats all alike.'),
    },
    neighbours: {
      label: t('Neighbours'),
      help: strategy === 'd2' ? t('Nearest instances that share a score.') : t('Most similar remaining instances that a pick lowers.'),
    },
    gamma: {
      label: t('Gamma'),
      help: strategy === 'd2' ? t('How fast a pick stops to weigh on its neighbours.') : t('Weight of the lowering.'),
    },
    cut: {
      label: t('Cut'),
      help:
        strategy === 'semdedup' ? t('Where surplus instances of equal similarity are taken away.') : t('Which end of the scores is kept.'),
    },
    stratify: { label: t('Strata'), help: t('Whether the cut is made in each cluster, in proportion to its size.') },
    floors: {
      label: t('Floors'),
      help: t('No entity of the perspective with at least so many instances falls below so many. Leave a field empty for no floor.'),
    },
  };
  return words[name];
}

/** Choices are few and shared; one that this version does not know is shown as it is spelled. */
function choiceLabel(choice: string, t: Localize): string {
  const labels: Readonly<Record<string, string>> = {
    repo: t('as in the code'),
    paper: t('as in the paper'),
    top: t('highest scores'),
    middle: t('middle scores'),
    bottom: t('lowest scores'),
    proportional: t('from all clusters'),
    none: t('none'),
    clusters: t('by cluster'),
  };
  return labels[choice] ?? choice;
}
