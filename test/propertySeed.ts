import fc from 'fast-check';

// Property tests draw the same examples on every machine: a change is judged by what it changes, not by what was drawn.
// BALLAST_FUZZ_SEED=random, or a number, looks elsewhere.
const { BALLAST_FUZZ_SEED: seed = '665298' } = process.env;
if (seed !== 'random') fc.configureGlobal({ seed: Number(seed) });
