/** What of interruptions can be measured, by the names that the command takes. */

/** What EC2 takes: a single instance without data or with some, a member of a group, a node of a cluster. */
export const loads = ["stateless", "data", "cluster", "kubernetes"] as const;
export type Load = (typeof loads)[number];

/** Each of them, and two hundred at once. */
export const measurables = [...loads, "storm"] as const;
export type Measurable = (typeof measurables)[number];

/** How long instances take until they are healthy: the names of `boots` in the settings of the simulated EC2. */
export const bootNames = ["usual", "quick", "slow"] as const;
export type BootName = (typeof bootNames)[number];
