/** Each Elastic IP of the original is at some instance at every instant. */
import type { Promised } from "./promise.ts";

export const addressesAreHeld: Promised = {
  atMoment: ({ holders }, { excused }) =>
    Object.entries(holders)
      .filter(([, holder]) => holder === "nobody" && excused.size === 0)
      .map(([id]) => `nobody holds ${id}`),
};
