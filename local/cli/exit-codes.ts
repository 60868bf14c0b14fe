/** Lists what `spot` ends with: the one place where exit codes are given, explained and documented. */
export const exits = {
  DONE: { code: 0, meaning: "done, whatever the verdict" },
  BUG: { code: 1, meaning: "a fault inside the product" },
  USAGE: { code: 2, meaning: "the command or a value is not valid, or nobody could be asked" },
  NOT_FOUND: { code: 3, meaning: "there is no such thing" },
  REFUSED: { code: 4, meaning: "refused: it does not fit the present state" },
  DENIED: { code: 5, meaning: "credentials or a permission are missing" },
  UNREACHABLE: { code: 6, meaning: "the API did not answer" },
  ROLLED_BACK: { code: 10, meaning: "the switch was rolled back, or a part of it" },
  NEEDS_OPERATOR: { code: 11, meaning: "a person must decide how it goes on" },
  DEGRADED: { code: 12, meaning: "it ended, and something is not as it was" },
  AWAITING_APPROVAL: { code: 13, meaning: "somebody must approve it first" },
  INTERRUPTED: { code: 130, meaning: "Ctrl-C" },
} as const satisfies Record<string, { readonly code: number; readonly meaning: string }>;

export type Exit = keyof typeof exits;
