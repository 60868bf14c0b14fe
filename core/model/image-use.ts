/** What EC2 tells of those who use an image or its snapshots. */
export interface ImageUse {
  /** Accounts, groups and organisations that may launch from it or make volumes of its snapshots; `all`: everyone. */
  readonly sharedWith: readonly string[];
  /** Instances that were launched from it and have not ended. */
  readonly instanceIds: readonly string[];
  /** Launch templates whose newest or default version launches it. */
  readonly templateIds: readonly string[];
}
