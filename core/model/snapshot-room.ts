/** How many snapshots an account has in a region of those that AWS lets it have. Known where it is few is not written down. */
export type SnapshotRoom =
  | {
      readonly kind: "COUNTED";
      /** Its own, whoever made them. */
      readonly count: number;
      readonly quota: number;
    }
  /** With the reason: a sentence without its full stop. */
  | { readonly kind: "UNREAD"; readonly because: string };
