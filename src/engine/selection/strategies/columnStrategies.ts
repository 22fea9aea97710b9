import { type ScoreCut, type StrategyName, type Stratification, scoreCuts, stratifications } from '../../../protocol/select.ts';
import { rowsOfCluster } from '../../clustering/clusterMembers.ts';
import { permute } from '../../clustering/permutation.ts';
import { proportionalQuotas } from '../budgets.ts';
import { ascendingOrder, cutRange } from '../scoreCut.ts';
import { parameterOf, type Strategy, type StrategyInput, type StrategyResult } from './strategy.ts';

type ColumnName = Extract<StrategyName, 'column' | 'self-sup' | 'clip-score' | 'el2n' | 'perplexity' | 'visual-necessity'>;

interface ColumnRule {
  readonly name: ColumnName;
  readonly summary: string;
  readonly cut: ScoreCut;
  /** Instances without image have no such score; they are drawn by chance in proportion to their number. */
  readonly needsImage: boolean;
  /** Where the score comes from; default: a column that the user brings. */
  readonly from?: 'clusters';
}

/** A cut by one score per instance (COINCIDE specification 4 and 4.4). Most scores come from outside; each name brings its usual rule. */
function columnStrategy({ name, summary, cut, needsImage, from }: ColumnRule): Strategy {
  return {
    declaration: {
      name,
      summary,
      needs: from === 'clusters' ? ['features', 'clusters'] : ['column'],
      parameters: [
        { name: 'cut', kind: 'choice', choices: scoreCuts, default: cut, help: 'which scores are kept: top, middle or bottom' },
        {
          name: 'stratify',
          kind: 'choice',
          choices: stratifications,
          default: 'none',
          help: 'clusters: cut inside each cluster, in proportion to its size',
        },
      ],
    },
    select: async (input) =>
      cutColumn(name, from === 'clusters' ? await input.sources.distances() : await input.sources.column(needsImage), input),
  };
}

export const column = columnStrategy({ name: 'column', summary: 'cut by any score (needs --column)', cut: 'top', needsImage: false });
/** Sorscher et al. (2022): the distance to the prototype; far instances are hard, which helps when there is plenty of data. */
export const selfSup = columnStrategy({
  name: 'self-sup',
  summary: 'farthest from the centroid of its cluster (--cut bottom: nearest)',
  cut: 'top',
  needsImage: false,
  from: 'clusters',
});
export const clipScore = columnStrategy({
  name: 'clip-score',
  summary: 'highest similarity of image and text (needs --column)',
  cut: 'top',
  needsImage: true,
});
export const el2n = columnStrategy({
  name: 'el2n',
  summary: 'largest error norm of the reference model (needs --column)',
  cut: 'top',
  needsImage: false,
});
export const perplexity = columnStrategy({
  name: 'perplexity',
  summary: 'middle perplexity of the reference model (needs --column)',
  cut: 'middle',
  needsImage: false,
});
export const visualNecessity = columnStrategy({
  name: 'visual-necessity',
  summary: 'largest loss without the image minus loss with it (needs --column)',
  cut: 'top',
  needsImage: true,
});

/** Rows of one stratum in ascending order, of which those at `from` to `to` - 1 are chosen. */
interface Stratum {
  readonly rows: Uint32Array;
  readonly from: number;
  readonly to: number;
  readonly hasScores: boolean;
}

async function cutColumn(name: ColumnName, scores: Float64Array, input: StrategyInput): Promise<StrategyResult> {
  const groups = await strataOf(input, scores);
  const quotas = proportionalQuotas(
    groups.map(({ rows }) => rows.length),
    input.size,
  );
  const cut = parameterOf(input.parameters, 'cut') as ScoreCut;
  const strata = groups.map(({ rows, hasScores }, k): Stratum => {
    const size = quotas[k] as number;
    if (!hasScores) return { rows: permute(rows.length, input.seed, 'mod').map((i) => rows[i] as number), from: 0, to: size, hasScores };
    const ascending = ascendingOrder(Float64Array.from(rows, (row) => scores[row] as number));
    return { rows: ascending.map((i) => rows[i] as number), ...cutRange(rows.length, size, cut), hasScores };
  });
  const stratumOf = new Uint32Array(scores.length);
  const placeOf = new Uint32Array(scores.length);
  strata.forEach(({ rows }, k) => {
    rows.forEach((row, place) => {
      stratumOf[row] = k;
      placeOf[row] = place;
    });
  });
  return {
    picks: Uint32Array.from(
      strata.flatMap(({ rows, from, to, hasScores }) => {
        const chosen = Array.from(rows.subarray(from, to));
        return hasScores && cut === 'top' ? chosen.reverse() : chosen;
      }),
    ),
    facts: { strata: strata.length, withoutScore: groups.reduce((sum, group) => sum + (group.hasScores ? 0 : group.rows.length), 0) },
    scores(row) {
      const { rows, from, to } = strata[stratumOf[row] as number] as Stratum;
      const score = scores[row] as number;
      return {
        strategy: name,
        score: Number.isNaN(score) ? null : score,
        place: placeOf[row] as number,
        stratumSize: rows.length,
        from,
        to,
      };
    },
  };
}

/** One stratum per cluster, or one for all; instances without a score have one of their own at the end. */
async function strataOf(
  { parameters, sources }: StrategyInput,
  scores: Float64Array,
): Promise<{ readonly rows: Uint32Array; readonly hasScores: boolean }[]> {
  const unscored = Uint32Array.from(scores.keys()).filter((row) => Number.isNaN(scores[row] as number));
  const isScored = (row: number): boolean => !Number.isNaN(scores[row] as number);
  const groups: Uint32Array[] = [];
  if ((parameterOf(parameters, 'stratify') as Stratification) === 'clusters') {
    const members = await sources.members();
    for (let cluster = 0; cluster < members.clusters; cluster++) groups.push(rowsOfCluster(members, cluster).filter(isScored));
  } else groups.push(Uint32Array.from(scores.keys()).filter(isScored));
  return [
    ...groups.map((rows) => ({ rows, hasScores: true })),
    ...(unscored.length > 0 ? [{ rows: unscored, hasScores: false }] : []),
  ].filter(({ rows }) => rows.length > 0);
}
