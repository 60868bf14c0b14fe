/** What sentences about KMS keys say of the subject whose volumes are encrypted under them. */
export interface KeyWords {
  /** What to do where the key is gone. */
  readonly whenGone: string;
  /** When it shows that a key which could not be read cannot be used. */
  readonly whenUsed: (isLaunched: boolean) => string;
}

/** A launch tries its keys while the original serves; others are tried when its volumes are attached. */
export const instanceKeyWords: KeyWords = {
  whenGone:
    "Copy its data away while the instance runs, to a volume under another key, and do not stop it.",
  whenUsed: (isLaunched) =>
    isLaunched
      ? "if it cannot be used, EC2 ends the replacement at its start, before the original is stopped"
      : "if it cannot be used, the switch is rolled back after the original was stopped",
};

/** Of a group's members only what their launch makes is encrypted. */
export const groupKeyWords: KeyWords = {
  whenGone:
    "The group could launch no member either: name another key in its launch template, or an image under one.",
  whenUsed: () =>
    "if it cannot be used, EC2 ends the replacement at its start, before it is attached",
};
