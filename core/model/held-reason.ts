/** Why an evaluation is held, and nothing undone: the reason of its outcome. */

/** The replacement serves, and holds the newer writes. */
export const replacementServes = "REPLACEMENT_SERVES";

/** What was given up can't be started again, and its data are not all at what takes its place yet: there is no way but forward. */
export const onlyForward = "ONLY_FORWARD";

/** Other than that the replacement serves. */
export type HeldReason = typeof onlyForward;
