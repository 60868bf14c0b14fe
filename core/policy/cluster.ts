/** Limits of an Auto Scaling group: how much of it goes to Spot, how fast, and onto what. */
import * as z from "zod";
import { atFirstUse } from "../at-first-use.ts";
import { fleetModes, limit } from "./limit.ts";

/** `2` instances, or `30%` of the group. */
const onDemandBaseSchema = atFirstUse(() =>
  z.union([
    z.int().min(0).max(10_000),
    z.string().regex(/^(100|\d{1,2})%$/, "must be a number of instances, or a share such as 30%"),
  ]),
);

const range = atFirstUse(() =>
  z
    .strictObject({ min: z.number().min(0), max: z.number().min(0) })
    .refine(({ min, max }) => min <= max, { message: "min must not be above max" }),
);

/** Field names are single words: the API and the core spell them alike. */
const attributesSchema = atFirstUse(() => z.strictObject({ vcpu: range(), gib: range() }));

const typeName = atFirstUse(() =>
  z
    .string()
    .max(40)
    .regex(
      /^[a-z][a-z0-9-]*(\.[a-z0-9-]+)?$/,
      "must be an instance type or a family such as m5.large or m5",
    ),
);

/** What its owner must agree to by name. */
const consents = atFirstUse(() => ({
  acceptRetainedInstances: limit(z.boolean().default(false), {
    unit: "yes/no",
    reason:
      "The group's lifecycle policy keeps an instance whose terminating hook is abandoned: it runs on, is billed, and a person has to end it.",
    modes: ["CLUSTER"],
  }),
}));

export const clusterLimits = atFirstUse(() => ({
  ...consents(),
  onDemandBase: limit(onDemandBaseSchema().default(0), {
    unit: "instances, or percent of the desired capacity, rounded up",
    reason: "So many members stay On-Demand, whatever Spot offers.",
    modes: ["CLUSTER"],
  }),
  batchSize: limit(z.int().min(1).max(10).default(1), {
    unit: "swaps at a time",
    reason:
      "As many run twice meanwhile. Each is proved, and undone, by itself; ten keep one step within the time of a function.",
    modes: ["CLUSTER"],
  }),
  keepOriginalsHours: limit(z.int().min(0).max(720).default(0), {
    unit: "hours; 0: ended through the group",
    reason:
      "So long an On-Demand original is kept stopped after it was detached: its disks are paid, and it can be started again by hand. Terminating hooks do not run for what is detached.",
    modes: ["CLUSTER"],
  }),
  moveOwnersSpot: limit(z.boolean().default(false), {
    unit: "yes/no",
    reason:
      "Spot members that no switch has brought are their owner's. Set, they too are judged, moved to better pools, and brought back to On-Demand.",
    modes: ["CLUSTER"],
  }),
  allowedTypes: limit(z.array(typeName()).max(100).default([]), {
    unit: "instance types or families such as m5 or m5.large",
    reason:
      "Besides what is at least as good as the original, these are on offer too, smaller ones included: more pools, more often one that is cheap and holds.",
    modes: fleetModes,
  }),
  allowedAttributes: limit(z.array(attributesSchema()).max(5).default([]), {
    unit: "ranges of vCPU and of GiB of memory",
    reason: "As allowed_types, by attributes: any type within one of the ranges.",
    modes: fleetModes,
  }),
}));
