/** The part of the S3 server that the tests use; it has no types of its own. */
declare module "s3rver" {
  import type { RequestListener } from "node:http";

  interface S3rverOptions {
    readonly silent: boolean;
    readonly directory: string;
    readonly configureBuckets: readonly { readonly name: string }[];
  }

  export default class S3rver {
    constructor(options: S3rverOptions);
    configureBuckets(): Promise<unknown>;
    callback(): RequestListener;
  }
}
