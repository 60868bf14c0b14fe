/**
 * The tags by which we and the owner know things in a customer's account. Their keys stand in the role that each
 * customer has applied: one that is changed here is refused there until the role is applied again.
 */

/** On everything that we create, with the two that follow. */
export const managedByTag = { key: "ManagedBy", value: "SpotOptimizer" } as const;
export const evaluationTag = "spot-optimizer:evaluation";
export const targetTag = "spot-optimizer:target";

/** On a stopped original: when the janitor terminates it. ISO 8601. */
export const retireAfterTag = "spot-optimizer:retire-after";

/** Put by the owner on what may be touched: the instance, its volumes, interfaces, addresses, target groups. */
export const enrolTag = { key: "spot-optimizer:enrolled", value: "true" } as const;
