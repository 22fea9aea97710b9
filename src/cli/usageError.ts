/** Wrong usage of the command line: exit code 2. The message names the option and says what is accepted. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  readonly option: string;

  constructor(option: string, message: string) {
    super(message);
    this.option = option;
  }
}
