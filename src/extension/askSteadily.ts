/** A question open for less time than this, in milliseconds, was hardly answered by a person. */
const tooSoonMs = 600;

/**
 * Asks once more when the question was dismissed at once. VS Code's walkthrough takes the focus back a quarter of a second after Enter on
 * one of its buttons, and a quick pick closes when the focus goes elsewhere: by keyboard, nobody could answer it.
 * @param ask shows the question; undefined when it was dismissed
 * @param now milliseconds of a clock that never goes back
 */
export async function askSteadily<T>(
  ask: () => PromiseLike<T | undefined>,
  now: () => number = () => performance.now(),
): Promise<T | undefined> {
  const asked = now();
  const answer = await ask();
  return answer === undefined && now() - asked < tooSoonMs ? ask() : answer;
}
