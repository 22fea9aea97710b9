/** A native module that this machine lacks, or one that does not load here. What needs it cannot run; everything else does. */
export class RuntimeUnavailable extends Error {
  override readonly name = 'RuntimeUnavailable';
  /** Package name. */
  readonly module: string;

  constructor(module: string, purpose: string, cause: unknown) {
    const reason = cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : String(cause);
    super(
      `${module}, which is needed ${purpose}, could not be loaded (${process.platform}-${process.arch}, Node ${process.versions.node}): ${reason}. ` +
        'Install Ballast for this platform again; on Linux it needs glibc 2.28 or newer.',
      { cause },
    );
    this.module = module;
  }
}
