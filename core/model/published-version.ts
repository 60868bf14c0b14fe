/** A published version of one of our functions: code and settings for good, under the ARN that names it. */
export interface PublishedVersion {
  /** `…:function:NAME:VERSION` */
  readonly arn: string;
  readonly version: number;
  readonly publishedAt: Date;
}
