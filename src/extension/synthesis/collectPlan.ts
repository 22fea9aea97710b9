import { type Perspective, perspectives } from '../../protocol/perspectives.ts';
import { type SynthesisPlan, skipReasons } from '../../protocol/synthesis.ts';
import type { SynthesisPlanView } from '../../protocol/synthesisPage.ts';
import type { Localize } from '../errors/errorCatalogue.ts';
import { perspectiveTitle } from '../perspectiveTitle.ts';
import { plainText } from '../plainText.ts';
import { licenceView } from './localModel.ts';
import { skipSentence } from './methodWords.ts';
import { loopback } from './synthesizeRequest.ts';

/** A plan in words and numbers. */
export function collectPlan(plan: SynthesisPlan, t: Localize, locale: string): SynthesisPlanView {
  const n = new Intl.NumberFormat(locale, { maximumFractionDigits: 2 });
  const { planned, ready, parents, instances, scarce } = plan;
  const missing = planned - ready;
  const lead = leadOf(plan, n, t);
  const asks = asksSentence(plan, t);
  return {
    planned,
    ready,
    lead,
    asks,
    leavesMachine: plan.provider === 'editor' || (plan.asks !== null && !isThisMachine(plan.asks)),
    estimate: [
      {
        label: t('To make'),
        value: n.format(missing),
        detail:
          ready === 0
            ? t('from {0} of {1} scarce instances', n.format(parents), n.format(scarce))
            : t('{0} of {1} are staged already', n.format(ready), n.format(planned)),
      },
      {
        label: t('Scarce'),
        value: n.format(scarce),
        detail: t('of {0} instances hold an entity with a gap', n.format(instances)),
      },
      {
        label: t('Requests'),
        value: n.format(plan.requests),
        detail: plan.requests === 0 ? t('nobody is asked') : t('retries not counted'),
      },
      {
        label: t('Time'),
        value: missing === 0 ? '–' : durationText(plan.estimate.seconds, t, locale),
        detail:
          missing === 0
            ? t('nothing to make')
            : plan.estimate.basis === 'staging'
              ? t('measured on what is staged')
              : t('a guess before anything was measured'),
      },
      {
        label: t('Cost'),
        value: plan.estimate.cost === null ? '–' : n.format(plan.estimate.cost),
        detail:
          plan.estimate.cost === null
            ? plan.asks === null && plan.provider !== 'editor'
              ? t('nothing is paid')
              : t('unknown without prices')
            : t('about, in the unit of the prices'),
      },
    ],
    skipped: skipReasons.flatMap((reason) => {
      const count = plan.skipped[reason] ?? 0;
      return count === 0 ? [] : [skipSentence(reason, n.format(count), t)];
    }),
    perspectives: perspectivesTable(plan, n, t),
    deficits: {
      totals: Object.fromEntries(presentIn(plan).map((perspective) => [perspective, plan.perspectives[perspective]?.entities ?? 0])),
      rows: plan.deficits.map(({ perspective, entity, have, want, gap, planned: made }) => ({
        perspective,
        entity,
        have: n.format(have),
        want: n.format(want),
        gap: n.format(gap),
        planned: n.format(made),
        filled: gap === 0 ? 1 : Math.min(1, made / gap),
      })),
    },
    licence: licenceView(plan.localModel, t),
    spoken: [lead, asks].join(' '),
  };
}

function leadOf({ planned, ready, scarce }: SynthesisPlan, n: Intl.NumberFormat, t: Localize): string {
  if (planned === 0) return scarce === 0 ? t('No entity is scarce') : t('Nothing can be made of the scarce instances');
  if (ready === planned) return t('All {0} planned instances are made', n.format(planned));
  return ready === 0 ? t('Makes {0} new instances', n.format(planned)) : t('Makes {0} more new instances', n.format(planned - ready));
}

function asksSentence({ asks, model, provider, requests }: SynthesisPlan, t: Localize): string {
  const name = plainText(model ?? '', 80);
  if (provider === 'editor') return t('Conversations of the dataset go to the language model of the editor that you chose.');
  if (asks === null) return name === '' ? t('Nothing leaves this machine.') : t('Nothing leaves this machine; {0} runs here.', name);
  if (requests === 0) return t('Nothing is asked: all of it is made.');
  const origin = plainText(asks, 120);
  if (isThisMachine(asks)) return t('Nothing leaves this machine; {0} ({1}) runs on it.', origin, name);
  return t('Instances of the dataset go to {0} ({1}).', origin, name);
}

function isThisMachine(origin: string): boolean {
  return URL.canParse(origin) && loopback.test(new URL(origin).hostname);
}

function perspectivesTable(plan: SynthesisPlan, n: Intl.NumberFormat, t: Localize): SynthesisPlanView['perspectives'] {
  return {
    caption: t('How far the plan fills the gaps'),
    columns: [t('Perspective'), t('Wanted'), t('Scarce entities'), t('Gap'), t('Filled')],
    rows: presentIn(plan).map((perspective) => {
      const { want, entities, gap, filled } = plan.perspectives[perspective] ?? { want: null, entities: 0, gap: 0, filled: 0 };
      return [
        perspectiveTitle(perspective, t),
        want === null ? '–' : n.format(want),
        n.format(entities),
        n.format(gap),
        gap === 0 ? n.format(filled) : t('{0} ({1} %)', n.format(filled), n.format(Math.floor((100 * filled) / gap))),
      ];
    }),
  };
}

function presentIn(plan: SynthesisPlan): readonly Perspective[] {
  return perspectives.filter((perspective) => plan.perspectives[perspective] !== undefined);
}

/** "2 min 11 s" in words that the language has. */
export function durationText(seconds: number, t: Localize, locale: string): string {
  const unit = (value: number, of: 'second' | 'minute' | 'hour'): string =>
    new Intl.NumberFormat(locale, { style: 'unit', unit: of, maximumFractionDigits: of === 'hour' ? 1 : 0 }).format(value);
  if (seconds < 1) return t('less than a second');
  if (seconds < 90) return unit(Math.round(seconds), 'second');
  return seconds < 5400 ? unit(Math.round(seconds / 60), 'minute') : unit(seconds / 3600, 'hour');
}
