/** The workflows by pipeline mode: deployed, run on a laptop and kept as golden files alike. */
import type { StateMachine } from "./asl.ts";
import { clusterWorkflow } from "./cluster.ts";
import { kubernetesWorkflow } from "./kubernetes.ts";
import { linearWorkflow } from "./linear.ts";

export const workflows = {
  LINEAR: linearWorkflow,
  CLUSTER: clusterWorkflow,
  KUBERNETES: kubernetesWorkflow,
} as const satisfies Readonly<Record<"LINEAR" | "CLUSTER" | "KUBERNETES", StateMachine>>;
export type WorkflowMode = keyof typeof workflows;

/** Ends the state machine's name, and names its golden file. */
export const workflowName = (mode: WorkflowMode): string => mode.toLowerCase();

/** Placeholders of the functions that a definition names, each once: `Launch` for `${Launch}`. */
export const placeholdersIn = (definition: StateMachine): readonly string[] => {
  const named = JSON.stringify(definition).matchAll(/\$\{(\w+)\}/g);
  return [...new Set([...named].flatMap(([, name]) => name ?? []))];
};
