/** What is to be done with a setting of a group that an evaluation has changed: put it back, or leave it as it stands. */

export type Restore =
  /** As it was already. */
  | { readonly kind: "DONE" }
  | { readonly kind: "RESTORE" }
  /** Somebody has changed it since: that stands. */
  | { readonly kind: "THEIRS"; readonly sentence: string }
  /** It would end members, or start a change of the group's own: asked again later. */
  | { readonly kind: "NOT_NOW"; readonly sentence: string };
