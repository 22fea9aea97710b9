/** Plurals that follow no rule. */
const irregular: Readonly<Record<string, string>> = {
  man: 'men',
  woman: 'women',
  child: 'children',
  person: 'people',
  foot: 'feet',
  tooth: 'teeth',
  goose: 'geese',
  mouse: 'mice',
  louse: 'lice',
  ox: 'oxen',
  knife: 'knives',
  wife: 'wives',
  life: 'lives',
  leaf: 'leaves',
  loaf: 'loaves',
  half: 'halves',
  calf: 'calves',
  shelf: 'shelves',
  wolf: 'wolves',
  thief: 'thieves',
  scarf: 'scarves',
  elf: 'elves',
  potato: 'potatoes',
  tomato: 'tomatoes',
  hero: 'heroes',
  echo: 'echoes',
  cactus: 'cacti',
  fungus: 'fungi',
  radius: 'radii',
  vertex: 'vertices',
  matrix: 'matrices',
  axis: 'axes',
  basis: 'bases',
  phenomenon: 'phenomena',
  sheep: 'sheep',
  deer: 'deer',
  fish: 'fish',
  aircraft: 'aircraft',
  species: 'species',
  series: 'series',
};

/** Compounds of these follow their last part: "fireman", "grandchild". */
const irregularEndings = ['man', 'woman', 'child', 'foot', 'tooth', 'wife'] as const;

export function pluralOf(noun: string): string {
  const known = irregular[noun];
  if (known !== undefined) return known;
  const ending = irregularEndings.find(
    (each) => noun.endsWith(each) && noun.length > each.length + 1 && !/^(?:hu|ger|ro|sha|talis)man$/.test(noun),
  );
  if (ending) return noun.slice(0, -ending.length) + irregular[ending];
  if (/[^aeiou]y$/.test(noun)) return `${noun.slice(0, -1)}ies`;
  if (/(?:s|x|z|ch|sh)$/.test(noun)) return `${noun}es`;
  return `${noun}s`;
}

/** Begins with a vowel as it is said: "an hour", "a unicorn". */
export function takesAn(word: string): boolean {
  const lower = word.toLowerCase();
  if (/^(?:hour|heir|honest|honou?r)/.test(lower)) return true;
  if (/^(?:uni(?!n|m)|use|usu|util|euro|one\b|once|ubiq|ewe)/.test(lower)) return false;
  return /^[aeiou]/.test(lower);
}
