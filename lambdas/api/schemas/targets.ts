/** Bodies of the `lab/instances` calls. */
import * as z from "../zod.ts";
import { servedZoneSchema } from "../../../core/model/partition.ts";
import { pipelineModeSchema } from "../../../core/model/pipeline-mode.ts";
import { nodeScopeSchema, type Target } from "../../../core/model/target.ts";
import { snakeKeys } from "../letter-case.ts";
import {
  accountIdField,
  evaluationIdField,
  instanceIdField,
  pageOf,
  pageQuery,
  regionField,
  targetIdField,
  timeField,
} from "./common.ts";
import { absenceJsonSchema } from "./absence.ts";
import { lastVerdictSchema } from "./judged-runs.ts";
import { settlementJsonSchema } from "./settlements.ts";
import { text } from "./verdict.ts";
import { overridesToJson, policyChangeJsonSchema, policyOverridesJsonSchema } from "./policy.ts";

const instanceTypeField = z
  .string()
  .max(40)
  .regex(/^[a-z0-9-]+\.[a-z0-9-]+$/, "must be an EC2 instance type such as m5.large")
  .meta({ description: "Instance type as registered.", example: "m5.large" });

const availabilityZoneField = servedZoneSchema.meta({
  description: "Name of the zone; its region is the name without the letter.",
  example: "eu-central-1a",
});

export const pipelineModeField = pipelineModeSchema.meta({
  description: "LINEAR: one instance. CLUSTER: an Auto Scaling group. KUBERNETES: an EKS node.",
  example: "LINEAR",
});

const shadowField = z
  .boolean()
  .meta({ description: "Verdicts are recorded and nothing is touched.", example: true });

const nameIn = (description: string, example: string) =>
  z.string().min(1).max(255).meta({ description, example });

const metadataField = z
  .strictObject({
    asg_name: nameIn("Name of the Auto Scaling group.", "web-blue").exactOptional(),
  })
  .meta({
    id: "TargetMetadata",
    description:
      "CLUSTER needs `asg_name`; KUBERNETES takes it for a node group that you manage yourself.",
  });

const membershipField = z
  .strictObject({
    cluster_name: nameIn("Name of the EKS cluster.", "prod-eu"),
    node_group: nameIn("Name of the node group.", "workers"),
    role: nameIn("Part that the node plays.", "worker").exactOptional(),
    nodes: nodeScopeSchema.default("ONE").meta({
      description:
        "ONE: the node of `instance_id`. ALL: every node of the group, one after the other.",
      example: "ONE",
    }),
  })
  .meta({ id: "ClusterMembership", description: "KUBERNETES needs it." });

export const createTargetSchema = z
  .strictObject({
    account_id: accountIdField,
    instance_id: instanceIdField.meta({
      description:
        "LINEAR: the instance. KUBERNETES with `nodes` ONE: the node. CLUSTER, and `nodes` ALL: any member of the group, checked now and not used again.",
    }),
    instance_type: instanceTypeField,
    availability_zone: availabilityZoneField,
    pipeline_mode: pipelineModeField,
    is_shadow_mode: shadowField.default(true),
    policy_overrides: policyOverridesJsonSchema.exactOptional(),
    metadata: metadataField.exactOptional(),
    cluster_membership: membershipField.exactOptional(),
  })
  .meta({ id: "CreateTarget", description: "An instance to optimise." });
export type CreateTargetJson = z.infer<typeof createTargetSchema>;

export const patchTargetSchema = z
  .strictObject({
    instance_type: instanceTypeField.exactOptional(),
    pipeline_mode: pipelineModeField.exactOptional(),
    is_shadow_mode: shadowField.exactOptional(),
    policy_overrides: policyChangeJsonSchema.exactOptional(),
    metadata: metadataField.exactOptional(),
    cluster_membership: membershipField.exactOptional(),
  })
  .refine((change) => Object.keys(change).length > 0, "changes nothing")
  .meta({ id: "PatchTarget", description: "Fields to change; absent ones stay." });
export type PatchTargetJson = z.infer<typeof patchTargetSchema>;

const failedAttemptJsonSchema = z
  .strictObject({
    evaluation_id: evaluationIdField,
    at: timeField("When it failed."),
    cause: z
      .strictObject({
        error: text("Stable name of the error."),
        code: text("AWS's error code.").exactOptional(),
        action: text("API action that AWS refused.").exactOptional(),
        resource: text("What it was about.").exactOptional(),
        fact_kind: z.enum(["tags", "attachments", "type"]).exactOptional().meta({
          description: "What the fact is about that the error names; absent: none that is read.",
        }),
        fact: text("That fact as it stood then.").exactOptional(),
      })
      .meta({
        description: "Where the load was down, it must change before it is tried again by itself.",
      }),
    had_downtime: z.boolean().meta({ description: "Whether the load was down." }),
    retry_at: timeField(
      "Not tried again by itself before; where nothing was down.",
    ).exactOptional(),
  })
  .meta({
    id: "FailedAttempt",
    description:
      "The last attempt that failed. Whoever evaluates the target tries again, whatever stands here.",
  });

const deletionFlag = z.boolean().meta({ description: "Deleted together with its instance." });

const deletionFlagsJsonSchema = z
  .strictObject({
    root: deletionFlag.exactOptional(),
    primary_interface: deletionFlag.exactOptional(),
    volumes: z
      .array(
        z.strictObject({
          volume_id: text("Data volume."),
          delete_on_termination: deletionFlag,
        }),
      )
      .meta({ description: "Data volumes." }),
    interfaces: z
      .array(
        z.strictObject({
          network_interface_id: text("Secondary network interface."),
          delete_on_termination: deletionFlag,
        }),
      )
      .meta({ description: "Secondary network interfaces." }),
  })
  .meta({
    id: "DeletionFlags",
    description:
      "DeleteOnTermination as the owner had it before the switch to Spot; returned when the target is deleted.",
  });

export const targetSchema = z
  .strictObject({
    target_id: targetIdField,
    account_id: accountIdField,
    region: regionField,
    instance_id: instanceIdField.meta({
      description:
        "LINEAR: the instance that serves now, after a switch the replacement. CLUSTER and whole node groups: the member by which the target was registered, checked then and not used again.",
    }),
    instance_type: instanceTypeField,
    availability_zone: availabilityZoneField,
    pipeline_mode: pipelineModeField,
    is_shadow_mode: shadowField,
    policy_overrides: policyOverridesJsonSchema,
    model_version: z
      .string()
      .exactOptional()
      .meta({ description: "Assigned risk model; absent: the default one." }),
    metadata: metadataField.exactOptional(),
    cluster_membership: membershipField.exactOptional(),
    last_switch_at: timeField("End of the last switch.").exactOptional(),
    owners_deletion_flags: deletionFlagsJsonSchema.exactOptional(),
    retirement: settlementJsonSchema
      .extend({ evaluation_id: evaluationIdField })
      .exactOptional()
      .meta({
        id: "Retirement",
        description: "What became of the original of a switch, once there is something to tell.",
      }),
    stays_on_demand: z
      .strictObject({
        evaluation_id: evaluationIdField,
        since: timeField("When the way back ended."),
      })
      .exactOptional()
      .meta({
        description:
          "Somebody asked for the way back: the sweep does not switch it until somebody evaluates the target.",
      }),
    failed_attempt: failedAttemptJsonSchema.exactOptional(),
    absence: absenceJsonSchema.exactOptional(),
    last_verdict: lastVerdictSchema.exactOptional(),
    last_evaluated_at: timeField("End of the last evaluation.").exactOptional(),
    evaluate_at: timeField("The sweep evaluates it then, before its usual time.").exactOptional(),
    launches_seen: z.array(timeField("Launch time.")).exactOptional().meta({
      description:
        "Launch times of the instance in the last 14 days that evaluations have seen: three say that its owner stops it.",
    }),
    downtimes: z
      .array(
        z.strictObject({
          evaluation_id: evaluationIdField,
          at: timeField("When it ended."),
          seconds: z.number().meta({ description: "As measured." }),
        }),
      )
      .exactOptional()
      .meta({ description: "Those of the last 30 days, roll-backs counted." }),
    notices: z.array(z.string()).exactOptional().meta({
      description:
        "Told at the registration alone: permissions that the last verification found missing, for a switch and for a way back to On-Demand, and how to give them.",
    }),
    created_at: timeField("When it was registered."),
    updated_at: timeField("When it was last changed."),
  })
  .meta({ id: "Target", description: "What is optimised." });
export type TargetJson = z.infer<typeof targetSchema>;

export const targetPageSchema = pageOf(targetSchema, "TargetPage");
export const targetListQuery = z.strictObject({
  account_id: accountIdField.exactOptional(),
  ...pageQuery,
});

export const deleteTargetQuery = z.strictObject({
  deletion_flags: z.enum(["return", "leave"]).default("return").meta({
    description:
      "`return`: what a switch to Spot kept from being deleted with the instance gets its owner's DeleteOnTermination back. An interruption deletes such data from then on. `leave`: nothing is called in the account.",
    example: "return",
  }),
});

export const evaluateSchema = z
  .strictObject({
    to: z.enum(["SPOT", "ON_DEMAND"]).exactOptional().meta({
      description:
        "Where the load is to stand. SPOT, the default: it is judged whether a switch is worth it. ON_DEMAND: the way back of what a switch has brought to Spot; after it the sweep leaves the load there until somebody evaluates the target.",
      example: "ON_DEMAND",
    }),
    recover: z.literal(true).exactOptional().meta({
      description:
        "Launches a LINEAR target anew whose Spot Instance has ended, or whose end EC2 has announced: in another Spot pool, else On-Demand, with its data where it has some. What EC2 took back the sweep recovers by itself; asked for, what its owner has ended is launched anew too. An instance that lives is left as it is. Not together with `to`.",
    }),
  })
  .meta({ id: "EvaluateTarget", description: "What is asked for; the body may be left out." });

export const startedEvaluationSchema = z
  .strictObject({
    evaluation_id: evaluationIdField,
    execution_arn: z.string().meta({ description: "ARN of the workflow execution." }),
  })
  .meta({ id: "StartedEvaluation", description: "The evaluation that was started." });
export type StartedEvaluationJson = z.infer<typeof startedEvaluationSchema>;

const withoutBelonging = <Fields extends object>(fields: Fields): Omit<Fields, "group" | "node"> =>
  Object.fromEntries(
    Object.entries(fields).filter(([name]) => name !== "group" && name !== "node"),
  ) as Omit<Fields, "group" | "node">;

const belongingJson = (target: Target): Pick<TargetJson, "metadata" | "cluster_membership"> => {
  switch (target.pipelineMode) {
    case "LINEAR":
      return {};
    case "CLUSTER":
      return { metadata: { asg_name: target.group.asgName } };
    case "KUBERNETES": {
      const { clusterName, nodeGroup, role, scope, asgName } = target.node;
      return {
        cluster_membership: {
          cluster_name: clusterName,
          node_group: nodeGroup,
          ...(role === undefined ? {} : { role }),
          nodes: scope,
        },
        ...(asgName === undefined ? {} : { metadata: { asg_name: asgName } }),
      };
    }
  }
};

export const targetJson = (target: Target): TargetJson => {
  const { policyOverrides, ...fields } = target;
  return {
    ...snakeKeys(withoutBelonging(fields)),
    policy_overrides: overridesToJson(policyOverrides),
    ...belongingJson(target),
  };
};
