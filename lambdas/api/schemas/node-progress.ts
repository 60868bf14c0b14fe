/** What the replacement of nodes has reached: which node goes, which has joined, and what holds pods where they are. */
import * as z from "../zod.ts";
import type { KubernetesProgress } from "../../../core/model/kubernetes/progress.ts";
import { snakeKeys } from "../letter-case.ts";
import { instanceIdField, timeField } from "./common.ts";
import { postponementSchema, text } from "./verdict.ts";

const nodeNameSchema = z.strictObject({
  instance_id: instanceIdField,
  name: text("Name of the node in its cluster."),
  uid: text("A node that was deleted and has joined again has another."),
});

export const blockerSchema = z
  .strictObject({
    namespace: text("Namespace of the pod."),
    pod: text("Name of the pod."),
    code: text("What holds it, as a code."),
    sentence: text("What holds it with its figures, and what would help."),
    budget: text("Its PodDisruptionBudget, as `namespace/name`.").exactOptional(),
    since: timeField("When it was first seen to hold this pod."),
    retry_at: timeField("Its eviction is not asked again before.").exactOptional(),
    is_lasting: z.literal(true).exactOptional().meta({
      description: "Waiting does not help: its owner has to change something.",
    }),
  })
  .meta({ id: "Blocker", description: "What holds a pod on a node that is drained." });

const drainSchema = z
  .strictObject({
    began_at: timeField("When the node was cordoned."),
    progress_at: timeField("The last instant at which a pod was seen gone, or was evicted."),
    left: z.int().meta({ description: "Pods that stand in the way, at the last look." }),
    evicted: z.int().meta({ description: "Evictions that were accepted." }),
    grace_seconds: z.int().meta({
      description: "The longest grace of its pods: the node's time is not shorter.",
    }),
    empty_since: timeField("Since when nothing stands in the way.").exactOptional(),
    blockers: z.array(blockerSchema).meta({
      description: "What holds pods there now: at most ten, the oldest first.",
    }),
  })
  .meta({ id: "Drain", description: "How far the drain of the node has come." });

export const kubernetesProgressSchema = z
  .strictObject({
    mode: z.literal("KUBERNETES").meta({ description: "Pipeline mode." }),
    round: z.int().exactOptional().meta({
      description: "The node that is replaced now, or was the last; from 1.",
    }),
    original: nodeNameSchema.exactOptional().meta({ description: "The node that goes." }),
    later: z.array(nodeNameSchema).exactOptional().meta({
      description: "Those that go after it: they take no pods while it is drained.",
    }),
    joined: nodeNameSchema
      .exactOptional()
      .meta({ description: "The node that has joined for it." }),
    drain: drainSchema.exactOptional(),
    ends_at: timeField("Of a response: when EC2 takes the node, by its notice.").exactOptional(),
    untried: z.int().exactOptional().meta({
      description: "Nodes that were to be replaced too, when no further one could be begun.",
    }),
    ended: postponementSchema.exactOptional().meta({
      description: "Why no other node is begun, although there are more.",
    }),
  })
  .meta({
    id: "KubernetesProgress",
    description: "What the replacement of nodes has reached so far, beside its swaps.",
  });

/** What is kept to pace the evictions of each workload is of use to the drain alone. */
export const kubernetesProgressJson = ({
  drain,
  ...progress
}: KubernetesProgress): z.infer<typeof kubernetesProgressSchema> => {
  const shown = { mode: "KUBERNETES" as const, ...snakeKeys(progress) };
  if (drain === undefined) return shown;
  const { workloads: _paced, ...told } = drain;
  return { ...shown, drain: snakeKeys(told) };
};
