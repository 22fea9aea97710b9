import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseLexicon } from '../../../src/engine/entities/lexicon.ts';
import { TurnAnalyzer, type TurnEntities } from '../../../src/engine/entities/turnAnalyzer.ts';
import { type ExtractorParts, makeExtractorParts } from './extractorParts.ts';

let parts: ExtractorParts;
let analyzer: TurnAnalyzer;
beforeAll(async () => {
  parts = await makeExtractorParts();
  analyzer = new TurnAnalyzer(parts.lexicon);
});
afterAll(() => parts[Symbol.dispose]());

function analyze(text: string): TurnEntities & { readonly scripts: Readonly<Record<string, number>> } {
  const scripts = new Map<string, number>();
  return { ...analyzer.analyze(text, true, scripts), scripts: Object.fromEntries(scripts) };
}
const list = (text: string): string[] => (text === '' ? [] : text.split(' | '));

// Text, expected tokens, expected objects; by hand.
const sentences: readonly (readonly [text: string, token: string, object: string])[] = [
  ['A man is riding a horse.', 'man | horse', 'man | horse'],
  [
    'The photo shows two people riding bicycles on a sidewalk next to parked cars.',
    'photo | people | bicycle | sidewalk | car',
    'photo | person | bicycle | sidewalk | car',
  ],
  [
    'There is a white plate with scrambled eggs, toast and a slice of orange.',
    'plate | egg | toast | slice | orange',
    'plate | egg | toast | orange',
  ],
  [
    'A plate of food sits on the wooden table with forks and knives.',
    'plate | food | table | fork | knife',
    'plate | food | table | fork | knife',
  ],
  ['Three men are sitting on a bench reading newspapers.', 'man | bench | newspaper', 'man | bench | newspaper'],
  ["The cat's tail is long.", 'cat | tail', 'cat | tail'],
  ['The pizza is topped with cheese, tomatoes and basil.', 'pizza | cheese | tomato | basil', 'pizza | cheese | tomato | basil'],
  [
    'Geese, mice, teeth, knives, people, children and men',
    'goose | mouse | tooth | knife | people | child | man',
    'goose | mouse | tooth | knife | person | child | man',
  ],
  ['Overall, the scene conveys a sense of warmth.', 'scene | sense | warmth', ''],
  ['In addition, several cars and a truck are parked along the street.', 'addition | car | truck | street', 'car | truck | street'],
  // Compounds of the lexicon; the words of a compound are tokens, the compound is the object.
  [
    'There is a fire hydrant, a stop sign and a parking meter.',
    'fire | hydrant | stop | sign | parking | meter',
    'fire hydrant | stop sign | parking meter',
  ],
  ['The traffic lights and the tennis rackets', 'traffic | light | tennis | racket', 'traffic light | tennis racket'],
  ['The hot dog lies next to a dog.', 'dog', 'hot dog | dog'],
  ['A teddy bear is placed on the bed near the pillow.', 'teddy | bear | bed | pillow', 'teddy bear | bed | pillow'],
  ['The woman is talking on a cell phone.', 'woman | cell | phone', 'woman | cell phone'],
  ['There are two chairs placed around the dining table.', 'chair | dining | table', 'chair | dining table'],
  ['A bus driver waits at the bus stop.', 'bus | driver | stop', 'bus driver | bus stop'],
  ['The bathroom has a shower curtain.', 'bathroom | shower | curtain', 'bathroom | shower curtain'],
  ['Large white refrigerators', 'refrigerator', 'refrigerator'], // no "large white", which is a butterfly
  [
    'He wears jeans, shorts and sunglasses and holds scissors.',
    'jeans | shorts | sunglasses | scissors',
    'jeans | shorts | sunglasses | scissors',
  ],
  // "The image features ..." as a noun.
  ['The image features a cat.', 'image | cat', 'cat'],
  ['The image features several cars on a street.', 'image | car | street', 'car | street'],
  ['The painting features a woman in a red dress.', 'painting | woman | dress', 'painting | woman | dress'],
  ['The furniture features intricate carvings.', 'furniture | carving', 'furniture | carving'],
  ['The main features of the car', 'feature | car', 'car'], // here it is one
  ['The code prints a cat.', 'code | cat', 'cat'],
  // Trailing participles.
  ['An umbrella standing on the sand.', 'umbrella | sand', 'umbrella | sand'],
  ['A cat standing on a plate.', 'cat | plate', 'cat | plate'],
  ['Two zebras standing in a grassy area.', 'zebra | area', 'zebra'],
  ['A boy building a sandcastle on the beach while wearing goggles.', 'boy | sandcastle | beach | goggles', 'boy | beach | goggles'],
  ['The tall building has a painting on the ceiling.', 'building | painting | ceiling', 'building | painting | ceiling'],
  ['Surfing', 'surfing', ''],
  // Sentence-initial words as proper names.
  ['Several dogs run.', 'dog', 'dog'],
  ['Several', '', ''],
  ['Answer: a dog', 'dog', 'dog'],
  ['Reference the table.', 'table', 'table'],
  ['Umbrella', 'umbrella', 'umbrella'],
  ['Dogs', 'dog', 'dog'],
  ['Yes', '', ''],
  ['White and black', '', ''],
  ['Zoë eats at the café.', 'Zoë | café', ''], // a name stays one
  // Option letters.
  ['A. cat B. dog C. bird D. fish', 'cat | dog | bird | fish', 'cat | dog | bird | fish'],
  ['(A) house\n(B) garden', 'house | garden', 'house | garden'],
  ['B.', '', ''],
  // Hyphens.
  ['He wears a t-shirt and a hat.', 't-shirt | hat', 't-shirt | hat'],
  ['Two T-shirts', 't-shirt', 't-shirt'],
  ['A man-made lake with snow-covered mountains.', 'lake | mountain', 'lake | mountain'],
  ['The merry-go-round', 'merry-go-round', 'merry-go-round'],
  // plate, bowl, light after a noun.
  ['The dinner plate sits on the table.', 'dinner | plate | table', 'dinner plate | table'],
  ['Two soup bowls and a traffic light.', 'soup | bowl | traffic | light', 'soup bowl | traffic light'],
  ['The street light is broken.', 'street | light', 'street light'],
  ['She plates the food.', 'food', 'food'],
  // Placeholders, markup, roles.
  ['<image>\nThe dog', 'dog', 'dog'],
  ['The dog <image>', 'dog', 'dog'],
  ['<img>images/cat.jpg</img> The dog. <|im_end|> <ImageHere> <image1> <IMG_CONTEXT> <video>', 'dog', 'dog'],
  ['<ref>a dog</ref><box>(10,20),(30,40)</box>', 'dog', 'dog'],
  ['USER: the cat\nASSISTANT: A dog.', 'cat | dog', 'cat | dog'],
  // Prompt suffixes, boxes, numbers, code, formulas, addresses, data.
  ['The cat?\nAnswer the question using a single word or phrase.', 'cat', 'cat'],
  ["The cat?\nAnswer with the option's letter from the given choices directly.", 'cat', 'cat'],
  ['Provide a one-sentence caption for the provided image.\nReference OCR token: DOG, CAT, X1', '', ''],
  ['Please provide the bounding box coordinate of the region this sentence describes: woman in red', 'woman', 'woman'],
  ['The dog is at [0.12, 0.33, 0.5, 0.7] and (3, 4).', 'dog', 'dog'],
  ['The dog\n```python\nprint(cat)\n```\nand the bird', 'dog | bird', 'dog | bird'],
  ['The angle $\\frac{a}{b}$ and \\alpha of a clock', 'angle | clock', 'clock'],
  ['The dog of https://example.com/cat or cat@bird.com', 'dog', 'dog'],
  [`The dog ${'QUJD'.repeat(100)} barks`, 'dog', 'dog'],
  // Names keep their spelling; hygiene decides about case and glue.
  ['A Kaplan hat', 'Kaplan | hat', 'hat'],
  ['KaplanWhat is this?', 'KaplanWhat', ''],
  // Latin text in other languages is processed.
  ['Der Hund sitzt auf dem Tisch.', 'Der | Hund | sitzt | auf | dem | Tisch', ''],
  ['', '', ''],
  ['12 345 !!! ...', '', ''],
];

describe('tokens and objects', () => {
  it.each(sentences)('%j', (text, token, object) => {
    const found = analyze(text);
    expect(found.token).toEqual(list(token));
    expect(found.object).toEqual(list(object));
  });

  it('forgets nothing and guesses nothing about other scripts', () => {
    const found = analyze('A cat 猫が好き and кошка, صورة, 고양이, α, ไทย. “Café” 😀 １２');
    expect(found.scripts).toEqual({ Han: 2, Hiragana: 2, Cyrillic: 5, Arabic: 4, Hangul: 3, Greek: 1, Thai: 3 });
    expect(found.token).toEqual(['cat', 'Café']);
    expect(analyze('这张图片里有一只猫。').token).toEqual([]);
    expect(analyze('Zoë, naïve façade, Łódź').scripts).toEqual({});
  });

  it('gives the same for a turn whatever was read before it', () => {
    const order = sentences.map(([text]) => text);
    const forward = new TurnAnalyzer(parts.lexicon);
    const backward = new TurnAnalyzer(parts.lexicon);
    const a = new Map(order.map((text) => [text, forward.analyze(text, true, new Map())]));
    const b = new Map([...order].reverse().map((text) => [text, backward.analyze(text, true, new Map())]));
    for (const text of order) expect(b.get(text)).toEqual(a.get(text));
  });

  it('knows the names of a user lexicon', () => {
    const user = '# my names\nzorbulon\nflux capacitor\ndoggo = dog\nMotor  Home = camper\n\ngizmo # odd\n';
    const own = new TurnAnalyzer(parseLexicon({ builtIn: readFileSync(parts.lexiconPath, 'utf8'), user }));
    expect(own.analyze('The zorbulon and two flux capacitors, a doggo, a gizmo and a motor home.', false, new Map()).object).toEqual([
      'zorbulon',
      'flux capacitor',
      'dog',
      'gizmo',
      'camper',
    ]);
    expect(analyze('The zorbulon and two flux capacitors').object).toEqual(['capacitor']);
  });
});

// Human turn, expected ways of asking; by hand.
const questions: readonly (readonly [text: string, interrogation: string])[] = [
  ['What color is the car?', 'what color'],
  ['What color are the shoes of the girl?', 'what color'],
  ['What are the colors of the bus in the image?', 'what color'],
  ['What colour is it', 'what color'],
  ['What kind of animal is this?', 'what kind of'],
  ['What type of vehicle is parked on the side of the street?', 'what kind of'],
  ['Which kind of fruit is on the plate?', 'which kind of'],
  ['What animal is this?\nA. cat\nB. dog', 'what animal'],
  ['What is the man doing in the photo?', 'what be doing'],
  ["What's she doing?", 'what be doing'],
  ['What else can be seen?', 'what else'],
  ['What is the title of this book?', 'what title'],
  ["What's the weather like?", 'what weather'],
  ['What time of day is it?', 'what time'],
  ['What is this?', 'what'],
  ['What is written on the sign?', 'what'],
  ['What happened to the car?', 'what'],
  ['What do you see happening in this image?', 'what'],
  ['What are the main objects in the image?', 'what'],
  ['What is the table made of?', 'what be made of'],
  ['How many people are in the picture?\nAnswer the question using a single word or phrase.', 'how many'],
  ['Could you tell me how many birds are flying?', 'how many'],
  ['How old is he?', 'how old'],
  ['How might this scene be improved?', 'how'],
  ['Where is the cat sitting?', 'where'],
  ['Why is the woman smiling?', 'why'],
  ['When was it built?', 'when'],
  ['Who is wearing a dress?', 'who'],
  ['To whom does it belong?', 'who'],
  ['Whose hat is it?', 'whose hat'],
  ['In the image, which side of the table is the cup on?', 'which side'],
  ['On which side is the lamp?', 'which side'],
  ['Given this scene, what might happen next?', 'what'],
  ['Is there a dog in the picture?', 'be there'],
  ['Are there any trees?', 'be there'],
  ['Is the cat on the left or right side?', 'be'],
  ['Are the people happy?', 'be'],
  ['Do you see any birds?', 'do'],
  ['Does the man wear a hat or a cap?', 'do'],
  ['Has it rained?', 'have'],
  ['Can you see a dog in the picture?', 'can'],
  ['Should he stop?', 'should'],
  ['Describe the image.', 'describe'],
  ['Can you describe the main features of this image for me?', 'describe'],
  ['Please describe this image in detail.', 'describe'],
  ['Write a detailed description of the given image.', 'describe'],
  ['Provide a brief description of the given image.', 'describe'],
  ['Provide a one-sentence caption for the provided image.\nReference OCR token: A, B', 'caption'],
  ['Please provide a short description for this region: [0.1, 0.2, 0.3, 0.4]', 'describe'],
  ['Please provide the bounding box coordinate of the region this sentence describes: woman in red', 'locate'],
  ['Explain the visual content of the image in great detail.', 'explain'],
  ['List the objects. Count the cars. Tell me where the dog is.', 'list | count | where'],
  ['Write a poem about the sea.', 'write'],
  ['Look at the sign: what does it say?', 'what'],
  ['USER: What is this?', 'what'],
  [
    'Hint: Please answer the question and provide the correct option letter, e.g., A, B, C, D, at the end.\nQuestion: How many cars are there?\nChoices:\n(A) 3\n(B) 4',
    'how many',
  ],
  ['<image>\nWhat color is it? What color is it? Where is it?', 'what color | where'],
  ['I think it is nice.', ''],
  ['The woman in red', ''],
  ['Answer with a single word.', ''],
  ['<image>', ''],
  ['', ''],
];

describe('interrogations', () => {
  it.each(questions)('%j', (text, interrogation) => {
    expect(analyze(text).interrogation).toEqual(list(interrogation));
  });

  it('come from human turns only', () => {
    expect(analyzer.analyze('What color is the car?', false, new Map()).interrogation).toEqual([]);
  });
});
