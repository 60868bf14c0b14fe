/** What an evaluation works on, and what its switch has reached: subject, swaps, waits, and the progress of its mode. */
import * as z from "../zod.ts";
import type { Evaluation } from "../../../core/model/evaluation.ts";
import { failedOfferKinds, swapStages } from "../../../core/model/swap.ts";
import { rootTransferSchema } from "../../../core/policy/linear.ts";
import { snakeKeys } from "../letter-case.ts";
import { accountIdField, instanceIdField, regionField, timeField } from "./common.ts";
import { kubernetesProgressJson, kubernetesProgressSchema } from "./node-progress.ts";
import { poolSchema, postponementSchema, text } from "./verdict.ts";

const failedOffersSchema = z.array(
  z.strictObject({
    pool: poolSchema,
    kind: z.enum(failedOfferKinds).meta({
      description:
        "NO_CAPACITY: the pool has no room now. UNSUITABLE: it can't serve this request. QUOTA: the account's quota of this class of types is used up. NO_ADDRESSES: no subnet of the zone has a free address, or a load balancer of the original no longer serves the zone. QUARANTINED: it was not asked, since a person has put it in quarantine after the verdict.",
    }),
    code: text("AWS's error code."),
    at: timeField("When."),
  }),
);

const targetGroupSchema = z.strictObject({
  arn: text("ARN of the target group."),
  port: z.int().meta({ description: "Port at which the original is registered." }),
  load_balancers: z
    .array(
      z.strictObject({
        arn: text("ARN of a load balancer that forwards to the group."),
        zone_ids: z.array(z.string()).meta({
          description: "Ids of the zones that are enabled for it; no other gets traffic.",
        }),
      }),
    )
    .exactOptional()
    .meta({ description: "Empty: the group gets no traffic." }),
});

const linearProgressSchema = z
  .strictObject({
    mode: z.literal("LINEAR").meta({ description: "Pipeline mode." }),
    warm_image_id: text("Image made while the original ran.").exactOptional(),
    final_image_id: text("Image of the stopped original.").exactOptional(),
    root_transfer: z
      .enum(rootTransferSchema.options)
      .exactOptional()
      .meta({ description: "How the root's last state reached the replacement." }),
    moved_root_volume_id: text(
      "The original's own root volume, on which the replacement runs: without it the stopped original can't be started.",
    ).exactOptional(),
    failed_relaunches: failedOffersSchema
      .exactOptional()
      .meta({ description: "Offers that gave no capacity for a launch from the final image." }),
    kept_original: z
      .strictObject({
        instance_id: instanceIdField,
        refusal: text(
          "Why it does not take over: it is stopped again, and something else is launched. Absent: it does, or may yet.",
        ).exactOptional(),
        is_last: z.literal(true).exactOptional().meta({
          description: "It was passed over, and nothing else could be launched.",
        }),
      })
      .exactOptional()
      .meta({
        description:
          "Of a recovery without data: the stopped original, which was kept for its cool-off and is started instead of a launch.",
      }),
    spot_exhausted: text(
      "Of a recovery: what each Spot offer answered. From then on it was launched On-Demand.",
    ).exactOptional(),
    failed_on_demand: failedOffersSchema
      .exactOptional()
      .meta({ description: "Of a recovery: On-Demand offers that gave no capacity." }),
    traffic_before_freeze: z
      .strictObject({
        read_at: timeField("When."),
        target_groups: z
          .array(targetGroupSchema)
          .meta({ description: "Those that held the original at the verdict." }),
      })
      .exactOptional()
      .meta({
        description:
          "Who sends traffic to the original's target groups, and into which zones, as read right before the freeze.",
      }),
    unsecured_return: text(
      "Why no capacity was held for the original's way back; its owner has accepted that.",
    ).exactOptional(),
    frozen_at: timeField("Last instant at which the original served.").exactOptional(),
    taken_at: timeField(
      "EC2 had ended the Spot Instance before we did, and since then the load may have been down.",
    ).exactOptional(),
    failed_root_tasks: z.array(z.string()).exactOptional().meta({
      description:
        "EC2's tasks that did not make the root volume of the ended Spot Instance that of its successor: another one was begun.",
    }),
    left_volumes: z.array(z.string()).exactOptional().meta({
      description:
        "Volumes that a way back with data has left: the root of the ended Spot Instance, where an image of it serves, and one with which a lost host has ended. They are their owner's to delete.",
    }),
    served_from: timeField(
      "When the first part of the identity through which clients come was brought to the replacement.",
    ).exactOptional(),
    serving_at: timeField("First instant at which the replacement served.").exactOptional(),
    moved_again: z.int().exactOptional().meta({
      description:
        "How often parts of the identity were found gone from the replacement, and moved again.",
    }),
    differences: z.array(z.string()).exactOptional().meta({
      description:
        "What is otherwise at the replacement than the verdict saw it at the original, and was left so.",
    }),
    follow_ups: z.array(z.string()).exactOptional().meta({
      description:
        "What names the original or an address of it and does not follow to the replacement (DNS records, alarms and the like): its owner sees to it.",
    }),
    flags_not_returned: text(
      "After a way back: why the owner's deletion flags are not at the instance that serves.",
    ).exactOptional(),
    replacement_lost_at: timeField(
      "When a replacement was found to have ended by itself.",
    ).exactOptional(),
    restored_at: timeField("When a roll-back found the original serving again.").exactOptional(),
    owners_stop: z
      .strictObject({
        at: timeField("As EC2 gives it; absent where it gives none.").exactOptional(),
        sentence: text("Who stopped it, as far as EC2 tells, and when ours was planned."),
      })
      .exactOptional()
      .meta({
        description:
          "The original was stopped by its owner, his software or EC2 meanwhile, and was left so.",
      }),
    writes_not_returned: z
      .strictObject({
        since: timeField("Writes from here on are on the volume."),
        volume_id: text(
          "The volume, which is kept. Absent: it went with the replacement, and so did the writes.",
        ).exactOptional(),
      })
      .exactOptional()
      .meta({ description: "What a roll-back could not bring back." }),
  })
  .meta({ id: "LinearProgress", description: "What a switch of one instance has reached so far." });

const clusterProgressSchema = z
  .strictObject({
    mode: z.literal("CLUSTER").meta({ description: "Pipeline mode." }),
    batch: z
      .int()
      .exactOptional()
      .meta({ description: "The batch that is under way, or was the last; from 1." }),
    ledger: z
      .strictObject({
        asked: z.int().meta({
          description:
            "Members that the group's owner asks for: its desired capacity without what was attached for swaps that go on.",
        }),
        absorbed: z.int().meta({
          description:
            "Members that were attached for a swap and that the owner has taken for himself since, by setting the desired capacity.",
        }),
        reckoned_to: timeField(
          "When a member was last asked to leave in the instant in which somebody set the desired capacity, which is reckoned with.",
        ).exactOptional(),
      })
      .exactOptional()
      .meta({ description: "The group's capacity, as reckoned at the last look." }),
    untried: z.int().exactOptional().meta({
      description: "Members that were to be replaced too, when no further batch could be planned.",
    }),
    ended: postponementSchema.exactOptional().meta({
      description: "Why no other batch is begun, although there are members to replace.",
    }),
    decided: z.array(instanceIdField).exactOptional().meta({
      description:
        "Of a response: members whose end EC2 has announced, and that it has decided about. Those that could not be replaced are among them.",
    }),
  })
  .meta({
    id: "ClusterProgress",
    description:
      "What the conversion of an Auto Scaling group has reached so far, beside its swaps.",
  });

export const progressSchema = z
  .discriminatedUnion("mode", [
    linearProgressSchema,
    clusterProgressSchema,
    kubernetesProgressSchema,
  ])
  .meta({ description: "What the switch has reached so far, by mode." });

export const progressJson = (evaluation: Evaluation): z.infer<typeof progressSchema> => {
  switch (evaluation.mode) {
    case "LINEAR":
      return { mode: "LINEAR", ...snakeKeys(evaluation.progress) };
    case "CLUSTER":
      return { mode: "CLUSTER", ...snakeKeys(evaluation.progress) };
    case "KUBERNETES":
      return kubernetesProgressJson(evaluation.progress);
  }
};

const inAccount = { account_id: accountIdField, region: regionField };

export const subjectSchema = z
  .discriminatedUnion("kind", [
    z
      .strictObject({
        kind: z.literal("INSTANCE").meta({ description: "One instance." }),
        ...inAccount,
        instance_id: instanceIdField,
      })
      .meta({ id: "InstanceSubject", description: "One instance: the original." }),
    z
      .strictObject({
        kind: z.literal("GROUP").meta({ description: "An Auto Scaling group." }),
        ...inAccount,
        asg_name: text("Name of the Auto Scaling group."),
      })
      .meta({ id: "GroupSubject", description: "An Auto Scaling group." }),
    z
      .strictObject({
        kind: z.literal("NODE_GROUP").meta({ description: "A node group." }),
        ...inAccount,
        cluster_name: text("Name of the EKS cluster."),
        node_group: text("Name of the node group."),
        asg_name: text("Auto Scaling group of a self-managed node group.").exactOptional(),
        instance_id: instanceIdField
          .exactOptional()
          .meta({ description: "Of a response: the one node that EC2 takes back." }),
      })
      .meta({ id: "NodeGroupSubject", description: "A node group of an EKS cluster." }),
  ])
  .meta({ description: "What the evaluation works on." });

export const swapSchema = z
  .strictObject({
    swap_id: text("Names the swap in effects."),
    original_id: instanceIdField.meta({ description: "The instance that is replaced." }),
    stage: z.enum(swapStages).meta({
      description:
        "How far it has come. DONE: the original has left. UNDONE: the original serves as before. ABSORBED: original and replacement both serve, for the group's owner wanted more capacity meanwhile, or the replacement stays in the stead of a member that the group had launched meanwhile. LEFT: neither done nor undone, and left to a person.",
    }),
    sentence: text("The same as a sentence."),
    failed: failedOffersSchema.meta({ description: "Offers that gave no capacity, in order." }),
    replacement: z
      .strictObject({
        instance_id: instanceIdField,
        pool: poolSchema,
        launched_at: timeField("When its launch was answered.").exactOptional(),
      })
      .exactOptional()
      .meta({ description: "The instance that takes its place, and its pool." }),
    batch: z
      .int()
      .exactOptional()
      .meta({ description: "Of a group: the batch in which it is made, from 1." }),
    purchase: z.literal("ON_DEMAND").exactOptional().meta({
      description: "Of a group: how the replacement is bought; absent: on Spot.",
    }),
    offers: z.array(poolSchema).exactOptional().meta({
      description: "Of a group: the pools that its replacement may come from, best first.",
    }),
    joined_at: timeField(
      "Of a group: when the replacement was first found to serve as a member.",
    ).exactOptional(),
    given_up: text(
      "Why it is not gone on with: what was made for it is undone, and its original stays.",
    ).exactOptional(),
    held_id: instanceIdField.exactOptional().meta({
      description: "An earlier replacement, which holds capacity until this one has proved itself.",
    }),
  })
  .meta({ id: "Swap", description: "One original and its one replacement." });

export const waitSchema = z
  .strictObject({
    phase: text("What is waited in."),
    round: z.int().exactOptional().meta({
      description:
        "Batch, from 1, where there are several. Where the identity is moved again: 2 for the second time.",
    }),
    began_at: timeField("First poll."),
    deadline: timeField("Absolute. Where it comes in parts, each progress gives it the time anew."),
    reached: z.int().exactOptional().meta({
      description:
        "The most that was reached of what comes in parts: 2 for each that is there, 1 for each halfway.",
    }),
    first_seconds: z.int().meta({ description: "From its beginning to the first poll." }),
    every_seconds: z.int().meta({ description: "Between two polls after that, at least." }),
    most_seconds: z.int().meta({ description: "Between two polls after that, at most." }),
  })
  .meta({ id: "Wait", description: "Waiting for something, with its deadline." });
