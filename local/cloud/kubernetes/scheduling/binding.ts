/** A pod is given its node, once. Source: API reference, Binding. */
import type { KubeContext } from "../context.ts";
import { secondsOf, withCondition, type Pod } from "../objects.ts";
import { conflict, type Status } from "../refusals.ts";
import { change, existing, type Write } from "../writing.ts";

export const place = (context: KubeContext, pod: Pod, nodeName: string): void => {
  const atMs = context.time.now();
  const scheduled = { type: "PodScheduled", status: "True" } as const;
  change(context, "pods", {
    ...pod,
    spec: { ...pod.spec, nodeName },
    status: {
      ...pod.status,
      startTime: secondsOf(atMs),
      conditions: withCondition(pod.status.conditions, scheduled, atMs),
    },
  });
};

/** @throws KubeRefusal 404 or 409 */
export const bind = (context: KubeContext, write: Write, body: unknown): Status => {
  const pod = existing(context, write) as Pod;
  const { target } = body as { readonly target?: { readonly name?: string } };
  if (pod.spec.nodeName !== undefined) {
    throw conflict(
      write.kind,
      write.name,
      `pod ${write.name} is already assigned to node "${pod.spec.nodeName}"`,
    );
  }
  if (!write.isDryRun) place(context, pod, target?.name ?? "");
  return { kind: "Status", apiVersion: "v1", metadata: {}, status: "Success", code: 201 };
};
