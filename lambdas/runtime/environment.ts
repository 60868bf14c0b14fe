/**
 * The environment variables of our Lambdas. The same schemas type what infra sets and check it at start-up:
 * a missing variable fails in infra's types and, if it still happens, names itself here.
 */
import * as z from "zod";
import { SpotOptimizerError } from "../../core/errors.ts";
import { servedRegionSchema } from "../../core/model/partition.ts";

// A function parses a handful of small things in its life: compiling a parser for each is time that a cold start has not.
z.config({ jitless: true });

export const stepEnvironmentSchema = z.object({
  AWS_REGION: servedRegionSchema,
  TABLE_NAME: z.string(),
  /** The Spot Advisor feed; undocumented by AWS, so it can be replaced by a mirror. */
  ADVISOR_FEED_URL: z.url(),
  /** Of our own metrics in CloudWatch. */
  METRICS_NAMESPACE: z.string(),
});

/** Of the only partition that is served. */
const arn = z.string().startsWith("arn:aws:");

const stateMachineArn = arn;

/** One per mode that is deployed. */
export const starterEnvironmentSchema = stepEnvironmentSchema.extend({
  LINEAR_STATE_MACHINE_ARN: stateMachineArn,
  CLUSTER_STATE_MACHINE_ARN: stateMachineArn,
  KUBERNETES_STATE_MACHINE_ARN: stateMachineArn.exactOptional(),
});

/** Of the function that hands each place to another one. */
export const sweepEnvironmentSchema = starterEnvironmentSchema.extend({
  SWEEP_PLACE_FUNCTION_ARN: arn,
});

/** Of the function that hands to another one what is left on nodes. */
export const janitorEnvironmentSchema = stepEnvironmentSchema.extend({
  RESTORE_MARKS_FUNCTION_ARN: arn,
});

export const apiEnvironmentSchema = starterEnvironmentSchema.extend({
  OWN_ACCOUNT_ID: z.string().regex(/^\d{12}$/),
  PRODUCT_VERSION: z.string(),
  /** Which of our roles may assume the customer role: an ARN that ends in a path and `*`. */
  TRUSTED_ROLE_PATTERN: arn.endsWith("/*"),
  PREFLIGHT_PLACE_FUNCTION_ARN: arn,
  EVENT_BUS_ARN: arn,
  /** Under which the secrets of webhooks are sealed. */
  WEBHOOK_KEY_ARN: arn,
});

/** Of the function that opens our bus to the connected accounts. */
export const busEnvironmentSchema = stepEnvironmentSchema.extend({ EVENT_BUS_NAME: z.string() });

/** Of the function that delivers notices. */
export const deliverEnvironmentSchema = stepEnvironmentSchema.extend({
  NOTICE_BUS_NAME: z.string(),
  WEBHOOK_KEY_ARN: arn,
  /** Of the control API, for links. */
  API_URL: z.url(),
});

/** AWS_REGION is set by Lambda itself; infra sets the rest, as text. */
type SetByInfra<Schema extends z.ZodType> = Readonly<Omit<z.input<Schema>, "AWS_REGION">>;
export type StepVariables = SetByInfra<typeof stepEnvironmentSchema>;
export type StarterVariables = SetByInfra<typeof starterEnvironmentSchema>;
export type SweepVariables = SetByInfra<typeof sweepEnvironmentSchema>;
export type JanitorVariables = SetByInfra<typeof janitorEnvironmentSchema>;
export type BusVariables = SetByInfra<typeof busEnvironmentSchema>;
export type DeliverVariables = SetByInfra<typeof deliverEnvironmentSchema>;
export type ApiVariables = SetByInfra<typeof apiEnvironmentSchema>;

/** ARN of the state machine of a mode; undefined where none is deployed. */
export const workflowsOf =
  (environment: z.infer<typeof starterEnvironmentSchema>) =>
  (mode: "LINEAR" | "CLUSTER" | "KUBERNETES"): string | undefined =>
    environment[`${mode}_STATE_MACHINE_ARN`];

/** Parses the process environment. Throws BrokenInput naming each variable that is missing or invalid. */
export const readEnvironment = <Schema extends z.ZodType>(
  schema: Schema,
  variables: Readonly<Record<string, string | undefined>> = process.env,
): z.infer<Schema> => {
  const parsed = schema.safeParse(variables);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`);
  throw new SpotOptimizerError(
    "BrokenInput",
    `The environment of this function is not valid (${faults.join("; ")}).`,
    { nextStep: "Deploy the stack again; infra sets these variables." },
  );
};
