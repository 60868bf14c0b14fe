/** What an evaluation left in the account with our tags on it, for its owner to judge. */

/** No intent claims it, or only its owner may give it up: it is named, and not touched. */
export interface LeftThing {
  /** As EC2 names kinds of resources: `volume`, `snapshot` … */
  readonly kind: string;
  readonly id: string;
  /** As EC2 spells it. */
  readonly state: string;
}
