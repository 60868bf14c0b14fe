/** The workflows' nodes, as the build has read them (local/console/workflow-nodes.ts). */
import type { WorkflowNode } from "./time-line.ts";

/** Put here by the build. */
declare const workflowNodes: Readonly<
  Record<"LINEAR" | "CLUSTER" | "KUBERNETES", readonly WorkflowNode[]>
>;

export const nodesOf = (mode: keyof typeof workflowNodes): readonly WorkflowNode[] =>
  workflowNodes[mode];
