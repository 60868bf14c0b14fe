/** Who starts evaluations that nobody has asked for. */

/** Every quarter of an hour. */
export const sweepStarter = "sweep";

/** By AWS's event about an interruption. */
export const eventStarter = "event";

/** By AWS's rebalance recommendation, where policy heeds it. */
export const recommendationStarter = "recommendation";

/** By the status of a Spot request, which is read twice a minute of some. */
export const watchStarter = "watch";

export const ownStarters: readonly string[] = [
  sweepStarter,
  eventStarter,
  recommendationStarter,
  watchStarter,
];
