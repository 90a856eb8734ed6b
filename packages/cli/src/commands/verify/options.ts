import type { AnswerOptions } from "../../output/answer.js";

export interface VerifyOptions extends AnswerOptions {
  readonly keys?: string;
  readonly request?: string;
  readonly execution?: string;
  readonly set?: string;
  readonly project?: string;
  readonly allowUnlogged?: boolean;
  readonly checkpoint?: string;
  readonly log?: string;
  readonly complete?: boolean;
  readonly against?: string;
  /** False with `--no-remember`. */
  readonly remember: boolean;
  readonly mirror?: string;
}
