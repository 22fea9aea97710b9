import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cleanText, withoutRequests } from '../../../src/engine/entities/cleanText.ts';
import type { Mention } from '../../../src/engine/entities/mentions.ts';
import { withoutUnknownScripts } from '../../../src/engine/entities/scripts.ts';
import { TextTrace } from '../../../src/engine/entities/textTrace.ts';
import { TurnAnalyzer } from '../../../src/engine/entities/turnAnalyzer.ts';
import { type ExtractorParts, makeExtractorParts } from './extractorParts.ts';

let parts: ExtractorParts;
let analyzer: TurnAnalyzer;
beforeAll(async () => {
  parts = await makeExtractorParts();
  analyzer = new TurnAnalyzer(parts.lexicon);
}, 60_000);
afterAll(() => parts[Symbol.dispose]());

/** `i:What color`, and with the entity where the text spells it otherwise: `t:dogs=dog`. */
function shown(turn: string, mentions: readonly Mention[]): string[] {
  return mentions.map(({ start, end, perspective, entity }) => {
    const text = turn.slice(start, end);
    return `${perspective[0]}:${text}${text === entity ? '' : `=${entity}`}`;
  });
}

/** Human turns with every mention in them, judged by eye. What is cut out of the text (answer forms, addresses) mentions nothing. */
const turns: readonly (readonly [turn: string, mentions: string])[] = [
  [
    '<image>\nWhat color is the dog’s collar?\nAnswer the question using a single word or phrase.',
    'i:What color=what color, t:color, t:dog, t:collar, o:dog, o:collar',
  ],
  ["What's the man's hat made of?", "i:What's=what be made of, t:man, t:hat, o:man, o:hat"],
  [
    'Is there a traffic light near the hot dogs? How many people are there?',
    'i:Is there=be there, i:How many=how many, t:traffic, t:light, t:dogs=dog, t:people, o:traffic light, o:hot dogs=hot dog, o:people=person',
  ],
  ['Please describe the image in detail.', 'i:describe, t:image, t:detail'],
  ['Can you give me a short description of the scene?', 'i:description=describe, t:description, t:scene'],
  [
    'Which kind of umbrellas do the women hold? Who is the boy?',
    'i:Which kind of=which kind of, i:Who=who, t:kind, t:umbrellas=umbrella, t:women=woman, t:boy, o:umbrellas=umbrella, o:women=woman, o:boy',
  ],
  ['In the image, where are the two T-shirts?', 'i:where, t:image, t:T-shirts=t-shirt, o:T-shirts=t-shirt'],
  ['Which colours? What colour is it?', 'i:Which colours=which color, i:What colour=what color, t:colours=color, t:colour=color'],
  ['How come the cat sleeps?', 't:cat, o:cat'], // asks why, but no word of it says so
  ['Look at http://dog.com/cat: is it a CAT?', 'i:Look=look, t:CAT, o:CAT=cat'],
  ['A. dog B. cat\nWhat is it?', 'i:What=what, t:dog, t:cat, o:dog, o:cat'],
  ['猫 and a bus', 't:bus, o:bus'],
  ['the ca\u00adts — “dogs”, dogs!', 't:ca\u00adts=cat, t:dogs=dog, t:dogs=dog, o:ca\u00adts=cat, o:dogs=dog, o:dogs=dog'],
  ["Isn't there a fire hydrant? Don't crop.", "i:Isn't there=be there, t:fire, t:hydrant, o:fire hydrant"],
  ['a merry-go-round, snow-covered mountains', 't:merry-go-round, t:mountains=mountain, o:merry-go-round, o:mountains=mountain'],
];

describe('mentions', () => {
  it.each(turns)('of %j', (turn, mentions) => {
    expect(shown(turn, analyzer.locate(turn, true)).join(', ')).toBe(mentions);
  });

  it('ask nothing in turns that answer', () => {
    expect(analyzer.locate('What color is it? Describe it.', false).filter(({ perspective }) => perspective === 'interrogation')).toEqual(
      [],
    );
  });

  const piece = fc.constantFrom(
    ...'dog|dogs|Dog|hot dog|traffic lights|t-shirt|umbrella|people|What|color|is|there|Describe|the|a|of|and|,|.|?|!|:|\n|<image>|</box>|<img>dog</img>|http://dog.org|me@dog.org|$\\frac{dog}{2}$|```dog```|[0.1, 0.2]|1, 2, 3|(A) |B. |_|dog_cat|’s|“cat”|\u00a0|\u00ad|\u200b|猫|İ|ß|ﬁ|\ud83d\udc36|\ud800|Answer the question using a single word.|human:|Reference OCR tokens: dog, cat\n|Provide a one-sentence caption for the provided image.|xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxdog'.split(
      '|',
    ),
  );
  const turn = fc.array(fc.tuple(piece, fc.constantFrom('', ' ', ' ')), { maxLength: 25 }).map((all) => all.flat().join(''));

  it('are of what the extractor finds, at words that begin like it, whatever the turn', () => {
    const letters = (text: string): string => text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
    fc.assert(
      fc.property(turn, fc.boolean(), (text, isHuman) => {
        const found = analyzer.analyze(text, isHuman, new Map());
        for (const { start, end, perspective, entity } of analyzer.locate(text, isHuman)) {
          expect(found[perspective]).toContain(entity);
          expect(start).toBeLessThan(end);
          if (perspective === 'token') expect(letters(text.slice(start, end)).slice(0, 2)).toBe(letters(entity).slice(0, 2));
        }
      }),
      { numRuns: 1500 },
    );
  });

  it('lie in a text that was cleaned like any other', () => {
    fc.assert(
      fc.property(turn, (text) => {
        const trace = new TextTrace(text);
        const traced = withoutRequests(cleanText(withoutUnknownScripts(text, new Map(), trace.replace), trace.replace), trace.replace);
        expect(traced).toBe(withoutRequests(cleanText(withoutUnknownScripts(text, new Map()))));
        expect(trace.places).toHaveLength(traced.length);
        // Letters and digits come from where the trace says, in order.
        let last = -1;
        for (const [i, place] of trace.places.entries()) {
          expect(place).toBeGreaterThanOrEqual(last);
          last = place;
          if (/[\p{L}\p{N}]/u.test(traced[i] as string)) expect(text[place]).toBe(traced[i]);
        }
      }),
      { numRuns: 1500 },
    );
  });
});
