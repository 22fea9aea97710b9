import type { Turn } from '../../dataset/dataset.ts';

/**
 * What a conversation says decides how its picture may be changed: the text stays as it is, so it must stay true. The rules are
 * deliberately broad; a change that is forbidden without need costs a variation, one that is allowed wrongly costs a false instance.
 */
export interface TruthRules {
  /** Mirroring keeps the text true. */
  readonly flip: boolean;
  /** Turning by some degrees keeps the text true. */
  readonly tilt: boolean;
  /** Moving the picture's content off its centre keeps the text true. */
  readonly shift: boolean;
  /** Changes of brightness, contrast and saturation keep the text true. */
  readonly photometric: boolean;
  /** The text names places in the picture by numbers: nothing may move. */
  readonly coordinates: boolean;
}

/** Left and right of what is seen, and what else a mirror changes. */
const sides =
  /\b(?:left|right|leftmost|rightmost|lefthand|righthand|east|west|eastern|western|clockwise|counter-?clockwise|anti-?clockwise|mirror(?:ed|s)?|reflect(?:ed|ion|s)?|flip(?:ped|s)?|facing|hand(?:ed|edness)?|steering|driver'?s side)\b/i;
/** Questions that show that the picture holds writing, figures or signs. */
const writing =
  /\b(?:text|words?|letters?|reads?|says?|written|writing|spell(?:s|ed|ing)?|caption|title|label(?:s|ed|led)?|logo|brand|sign(?:s|age)?|numbers?|numerals?|digits?|clock|time|price|licen[cs]e|plate|poster|book|page|screen|menu|receipt|document|table|chart|graph|plot|axis|axes|legend|map|diagram|figure|formula|equation|code|ocr|tokens?|font|flag|jersey|keyboard|calendar|score(?:board)?|watch|ruler|scale|street|store|shop|newspaper|magazine|billboard|banner|ticket|flyer|website|app|meme|comic)\b/i;
/** Single capitals, digits and formulas: names of points and options that stand in the picture. */
const labels = /\$|\\\(|(?:^|[\s(])(?:[B-HJ-Z](?=[\s),.?:;]|$)|[AI](?=[.):]))|\d/m;
/** Words about upright and level, which a turn changes. */
const levels =
  /\b(?:horizontal(?:ly)?|vertical(?:ly)?|tilt(?:ed|s|ing)?|slant(?:ed|s)?|slop(?:e|ed|es|ing)|lean(?:s|ing|ed)?|upright|upside|rotat\w*|turn(?:ed|s)? (?:by|through)|level|straight|diagonal(?:ly)?|crooked|angled|orientation|degrees?|plumb|askew|parallel to the (?:ground|floor|edge|border|page))\b/i;
/** Places in the frame. */
const places =
  /\b(?:cent(?:er|re)|centered|centred|middle|corner|top|bottom|upper|lower|edge|border|foreground|background|frame|side|position(?:ed|s)?|located|location|where|left|right|above|below|closest|nearest|camera)\b/i;
/** Colours and light. */
const light =
  /\b(?:bright(?:er|est|ness|ly)?|dark(?:er|est|ness)?|light(?:er|est|ing|s)?|shad(?:ow|ows|y|ed|ing|e)|dim(?:ly)?|colou?r(?:s|ed|ful|ing|less)?|red|green|blue|yellow|orange|purple|pink|brown|black|white|gr[ae]y|beige|gold(?:en)?|silver|violet|turquoise|maroon|tan|teal|cyan|magenta|navy|hue|tint|saturat\w*|contrast|exposure|sepia|pale|vivid|night|day(?:time|light)?|sun(?:ny|set|rise|light)?|evening|morning|faded|blond[e]?)\b/i;
/** Numbers in brackets or tags that name a box or a point; also pairs of decimals below 1. */
const coordinates =
  /[[(<{]\s*[-+]?\d+(?:\.\d+)?\s*,\s*[-+]?\d+(?:\.\d+)?(?:\s*,\s*[-+]?\d+(?:\.\d+)?){0,2}\s*[\])>}]|<(?:box|quad|ref|point|loc|region|bbox)\b|<loc_?\d+>|\b(?:bounding box|coordinates? of|bbox)\b|\b0\.\d+\s*,\s*0\.\d+/i;

const placeholders = /<(?:image(?:_?\d+)?|img|ImageHere|video)>/g;

export function truthRulesOf(turns: readonly Turn[]): TruthRules {
  const text = turns
    .filter(({ role }) => role !== 'system')
    .map((turn) => turn.text.replaceAll(placeholders, ' '))
    .join('\n');
  const moves = !coordinates.test(text);
  return {
    coordinates: !moves,
    flip: moves && !sides.test(text) && !writing.test(text) && !labels.test(text),
    tilt: moves && !levels.test(text),
    shift: moves && !places.test(text) && !sides.test(text),
    photometric: !light.test(text),
  };
}
