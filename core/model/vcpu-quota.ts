/** How a quota of vCPUs of an account stands to what a preflight would have there. */
import * as z from "zod";
import { atFirstUse } from "../at-first-use.ts";

export const vcpuQuotaSchema = atFirstUse(() =>
  z.strictObject({
    /** SPOT: what would go to Spot has to fit. ON_DEMAND: the same could be brought back, all at once. */
    purchase: z.enum(["SPOT", "ON_DEMAND"]),
    /** `L-…`, of service `ec2`. */
    quotaCode: z.string(),
    /** As AWS calls it. */
    quotaName: z.string(),
    /** As it stands. Absent: `because` says why it could not be read. */
    vcpus: z.number().exactOptional(),
    because: z.string().exactOptional(),
    /** By what else runs. */
    usedVcpus: z.number(),
    /** By what would go there, all of it. */
    neededVcpus: z.number(),
    /** Of what would go there. */
    subjects: z.int(),
    instances: z.int(),
    /** Of these, what fits now, those that save most first. Absent with `vcpus`. */
    fittingSubjects: z.int().exactOptional(),
    fittingInstances: z.int().exactOptional(),
    /** To which it would have to be raised. Absent: all fits, or nobody knows. */
    raiseTo: z.number().exactOptional(),
  }),
);
export type VcpuQuota = Readonly<z.infer<ReturnType<typeof vcpuQuotaSchema>>>;
