/** What may differ between two deployments, read from the environment of `npm run synth` and `npm run deploy`. */
import * as z from "zod";
import { servedRegionSchema } from "../core/model/partition.ts";

/** `subnet-0aaa,subnet-0bbb`; empty: none. */
const idList = (pattern: RegExp, example: string) =>
  z
    .string()
    .default("")
    .transform((text) => text.split(",").filter((id) => id !== ""))
    .refine((ids) => ids.every((id) => pattern.test(id)), {
      message: `must be ids such as ${example}, with commas between`,
    });

const variablesSchema = z.object({
  /** One stack per stage: `prod`, `staging` … */
  STAGE: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,15}$/, "must be a short lower-case name such as prod")
    .default("prod"),
  CDK_DEFAULT_ACCOUNT: z.string().optional(),
  /** Of the AWS CLI's profile. */
  CDK_DEFAULT_REGION: servedRegionSchema.optional(),
  ADVISOR_FEED_URL: z
    .url()
    .default("https://spot-bid-advisor.s3.amazonaws.com/spot-advisor-data.json"),
  /** Tells two deployments of the same code apart: after one that failed, Lambda publishes the same code only under another name. */
  RELEASE: z
    .string()
    .regex(/^[A-Za-z0-9._-]{1,40}$/, "must be a short name such as 1.4.0-2")
    .optional(),
  /** A table that was restored, in the place of the stack's own. It stays set for every later deployment. */
  STATE_TABLE: z
    .string()
    .regex(/^[A-Za-z0-9_.-]{3,255}$/, "must be the name of a table")
    .optional(),
  SWEEP_MINUTES: z.coerce.number().int().min(5).max(1440).default(15),
  /** Where the functions of KUBERNETES stand, for clusters with a private endpoint. Empty: outside of any VPC. */
  KUBERNETES_SUBNET_IDS: idList(/^subnet-[0-9a-f]+$/, "subnet-0aaa,subnet-0bbb"),
  KUBERNETES_SECURITY_GROUP_IDS: idList(/^sg-[0-9a-f]+$/, "sg-0ccc"),
});

const configSchema = variablesSchema.refine(
  (config) =>
    (config.KUBERNETES_SUBNET_IDS.length === 0) ===
    (config.KUBERNETES_SECURITY_GROUP_IDS.length === 0),
  {
    message: "must be set together with KUBERNETES_SECURITY_GROUP_IDS, or neither",
    path: ["KUBERNETES_SUBNET_IDS"],
  },
);

export type Config = z.infer<typeof configSchema>;

/** @throws ZodError naming the variable. */
export const readConfig = (variables: Readonly<Record<string, string | undefined>>): Config =>
  configSchema.parse(variables);
