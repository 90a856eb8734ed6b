/**
 * A failure of a server behind the gateway. Its text is for the model.
 *
 * `UPSTREAM_UNAVAILABLE`: nothing was sent. `UPSTREAM_LOST`: the call was sent, and what became of
 * it is not known.
 */
export class UpstreamError extends Error {
  override readonly name = "UpstreamError" as const;
  readonly code: "UPSTREAM_UNAVAILABLE" | "UPSTREAM_LOST";

  constructor(options: {
    readonly code: UpstreamError["code"];
    readonly message: string;
    readonly cause?: unknown;
  }) {
    super(options.message, { cause: options.cause });
    this.code = options.code;
  }
}
